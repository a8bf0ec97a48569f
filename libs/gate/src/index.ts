export * from './app.fold';
export * from './binding.fold';
export * from './gate';
export * from './openid.fold';
export * from './standing.fold';
export * from './user.fold';

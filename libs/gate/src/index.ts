export * from './app.fold';
export * from './binding.fold';
export * from './gate';
export * from './message.fold';
export * from './openid.fold';
export * from './penalty-table';
export * from './standing.fold';
export * from './user.fold';

export * from './installation-identity';
export { personsSealedIn } from './sealed';
export { unwrapPersonKey } from './user-keys';
export * from './vault';
export * from './vault-copy';
export { createVaultTables, rowsOf, type VaultDatabase } from './vault-tables';

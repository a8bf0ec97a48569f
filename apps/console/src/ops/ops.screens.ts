/** Every screen of operators: one part, loaded when an operator enters. */
export { AppCasePage } from './app-case.page';
export { AppSearchPage } from './app-search.page';
export { AppealsPage } from './appeals.page';
export { AuditPage } from './audit.page';
export { BansPage } from './bans.page';
export { ComplaintQueuePage } from './complaints.page';
export { HealthPage } from './health.page';
export { HeldTextsPage } from './held-texts.page';
export { OpsFrame } from './ops-frame';
export { RulesPage } from './rules.page';
export { SecondFactorPage } from './second-factor.page';
export { StaffPage } from './staff.page';
export { StreamPage } from './stream.page';

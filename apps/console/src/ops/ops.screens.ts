/** Every screen of operators: one part, loaded when an operator enters. */
export { HeldTextsPage } from './held-texts.page';
export { OpsFrame } from './ops-frame';
export { SecondFactorPage } from './second-factor.page';

import { abuse } from './abuse';
import { ads } from './ads';
import { fraud } from './fraud';
import { illegal } from './illegal';
import { fraudMentions, illegalMentions, pornMentions } from './mentions';
import { politics } from './politics';
import { porn } from './porn';
import { RuleSet } from './rule-set';

/** Every rule set, gravest first: where several match, the first names the label. */
export const ruleSets: readonly RuleSet[] = [
  ...[illegal, fraud, porn, abuse, ads],
  ...[politics, illegalMentions, fraudMentions, pornMentions],
];

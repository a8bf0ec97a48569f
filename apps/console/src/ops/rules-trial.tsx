import { Paper, Stack, Text } from '@mantine/core';
import { Failure } from '../shared/failure';
import { Said } from '../shared/said';
import { When } from '../shared/when';
import { useOpsTexts, wordFor } from './use-ops-texts';
import type { useRulesTrial } from './use-rules-trial';

const kinds = ['blocked', 'held', 'eased', 'released'] as const;

/** What a dry run found: how many texts would fare otherwise, and what the rules find in the first of them. */
export function RulesTrialResult({ trial: { tried, error } }: { trial: ReturnType<typeof useRulesTrial> }) {
  const { o } = useOpsTexts();
  const words = o.rules;
  return (
    <Stack gap="sm">
      {error !== undefined && <Failure error={error} />}
      <Said>
        {tried && (
          <Text>
            {tried.isOver ? words.tried(tried.seen) : words.trying(tried.seen)}{' '}
            {kinds.map((kind) => words.changed[kind](tried.changed[kind])).join(' ')}
          </Text>
        )}
      </Said>
      {tried?.items.map(({ pushId, edition, at, before, after, excerpts }) => (
        <Paper key={`${pushId} ${edition}`} withBorder p="sm" data-tried={pushId}>
          <Text size="sm">
            <When at={at} /> · {words.verdicts[before.verdict]} → {words.verdicts[after.verdict]}
            {(after.label ?? before.label) !== undefined &&
              ` · ${wordFor(o.held.labels, after.label ?? before.label ?? '')}`}
          </Text>
          {excerpts.map((excerpt, index) => (
            <Text key={index} size="sm" className="words">
              … {excerpt} …
            </Text>
          ))}
        </Paper>
      ))}
    </Stack>
  );
}

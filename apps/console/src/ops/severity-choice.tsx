import { Radio, Stack, Text } from '@mantine/core';
import type { Schemas } from '../api/client';
import { When } from '../shared/when';
import { useOpsTexts } from './use-ops-texts';

/** Gentlest first, as the keys 1, 2 and 3 choose them. */
export const severities = ['minor', 'major', 'severe'] as const;
export type Severity = (typeof severities)[number];

interface SeverityChoiceProps {
  readonly complaint: Schemas['ComplaintCase'];
  readonly value: Severity | undefined;
  readonly choose: (severity: Severity) => void;
}

/** How severe it is, with what each severity would leave of the owner's standing: read before one chooses. */
export function SeverityChoice({ complaint: { outcomes, costsPoints }, value, choose }: SeverityChoiceProps) {
  const { t, o } = useOpsTexts();
  return (
    <Radio.Group
      label={o.complaints.severity}
      description={costsPoints ? undefined : o.complaints.costsNone}
      value={value ?? null}
      onChange={(one) => choose(one)}
    >
      <Stack gap="xs" mt="xs">
        {severities.map((severity, at) => {
          const outcome = outcomes?.find((one) => one.severity === severity);
          return (
            <Radio
              key={severity}
              value={severity}
              label={`${at + 1} · ${o.complaints.severities[severity]}`}
              description={
                outcome && (
                  <Text component="span" size="sm">
                    {t.developer.standing(outcome.points, t.standings[outcome.status])}
                    {outcome.until !== undefined && (
                      <>
                        {' · '}
                        {t.standing.until} <When at={outcome.until} />
                      </>
                    )}
                    {outcome.banProposed && ` · ${o.complaints.proposesBan}`}
                  </Text>
                )
              }
            />
          );
        })}
      </Stack>
    </Radio.Group>
  );
}

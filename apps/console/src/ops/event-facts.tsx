import { Button, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { When } from '../shared/when';
import { useOpsTexts } from './use-ops-texts';

/** By what events are found. */
export type Lead = Partial<Readonly<Record<'stream' | 'actor' | 'type' | 'correlation', string>>>;

interface EventFactsProps {
  readonly event: Schemas['AuditEvent'];
  /** Where what it names leads on. */
  readonly search?: (by: Lead) => void;
}

/** One event: its type, when and where in the log, who and what caused it, and its data, masked. */
export function EventFacts({ event, search }: EventFactsProps) {
  const { o } = useOpsTexts();
  const { stream, revision, position, type, at, actor, correlation, cause, data } = event;
  const lead = (by: Lead, value: string, of: string): ReactNode =>
    search ? (
      <Button variant="subtle" size="compact-sm" className="lead" title={of} onClick={() => search(by)}>
        {value}
      </Button>
    ) : (
      <Text component="span" size="sm" className="words" title={of}>
        {value}
      </Text>
    );
  return (
    <>
      <Text fw={600} size="sm">
        {type} · <When at={at} />
      </Text>
      <Group gap="xs">
        {lead({ stream }, stream, o.audit.by.stream)}
        {lead({ actor }, actor, o.audit.by.actor)}
        {correlation !== undefined && lead({ correlation }, correlation, o.audit.by.correlation)}
        {search && (
          <Link to="/ops/streams/$stream/$revision" params={{ stream, revision: String(revision) }}>
            {o.audit.state(revision)}
          </Link>
        )}
      </Group>
      <Text size="xs" c="dimmed" className="words">
        {o.audit.position(position)}
        {cause !== undefined && ` · ${o.audit.cause} ${cause}`}
      </Text>
      <details>
        <summary>{o.audit.data}</summary>
        <pre className="line" tabIndex={0} aria-label={`${type} ${o.audit.data}`}>
          {JSON.stringify(data, null, 2)}
        </pre>
      </details>
    </>
  );
}

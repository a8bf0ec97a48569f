import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Part } from '../shared/part';
import { Press } from '../shared/press';
import { When } from '../shared/when';
import { RulesForms } from './rules-forms';
import { RulesTrialResult } from './rules-trial';
import { TogetherForms } from './together-forms';
import { useOpsTexts, wordFor } from './use-ops-texts';
import { type RulesDraft, useRulesTrial } from './use-rules-trial';

type Rules = Schemas['Rules'];

const noneTogether: RulesDraft['together'] = { added: [], removed: [] };

/** 规则: those that are built in and what operators changed of them; a change is tried on the latest texts before it holds. */
export function RulesPage() {
  const { o } = useOpsTexts();
  const rules = useQuery({
    queryKey: ['ops-rules'],
    queryFn: () => answered(api.GET('/v1/ops/rules')),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <Page title={o.places['/ops/rules']}>
      <Loaded of={rules}>{(now) => <Editor key={now.changes} now={now} />}</Loaded>
    </Page>
  );
}

function Editor({ now }: { now: Rules }) {
  const { o } = useOpsTexts();
  const words = o.rules;
  const inForce: RulesDraft = { added: now.added, removed: now.removed, together: now.together ?? noneTogether };
  const [draft, setDraft] = useState(inForce);
  const [note, setNote] = useState('');
  const trial = useRulesTrial();
  const change = (next: RulesDraft) => {
    trial.clear();
    setDraft(next);
  };
  const isChanged = JSON.stringify(draft) !== JSON.stringify(inForce);
  return (
    <Stack gap="md">
      <Text size="sm">{words.what}</Text>
      <RulesForms draft={draft} change={change} />
      <TogetherForms draft={draft} change={change} builtIn={now.builtIn} />
      <Part title={words.tryTitle}>
        <Text size="sm">{words.tryWhat}</Text>
        <Text size="sm">{o.watched}</Text>
        <Group>
          <Button variant="default" disabled={!isChanged} loading={trial.isRunning} onClick={() => trial.run(draft)}>
            {words.try}
          </Button>
        </Group>
        <RulesTrialResult trial={trial} />
      </Part>
      <Part title={words.save}>
        <Textarea
          label={o.note}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value.replaceAll('\n', ' '))}
        />
        <Group>
          <Press
            disabled={!isChanged}
            act={() =>
              answered(
                api.PATCH('/v1/ops/rules', {
                  body: {
                    ...draft,
                    seen: now.changes,
                    ...(note.trim() !== '' && { note: note.trim() }),
                  },
                }),
              )
            }
            changes={['ops-rules']}
          >
            {words.save}
          </Press>
        </Group>
      </Part>
      <Part title={words.builtIn}>
        {now.builtIn.map(({ label, then, words: listed, domains }) => (
          <details key={`${label} ${then}`}>
            <summary>
              {wordFor(o.held.labels, label)}, {words.then[then]}: {listed.length + domains.length}
            </summary>
            <Text size="sm" className="words">
              {[...listed, ...domains].join(' · ')}
            </Text>
          </details>
        ))}
      </Part>
      <Part title={words.history}>
        {now.history.length === 0 && <Text size="sm">{o.nothing}</Text>}
        {now.history.map(({ at, by, added, removed, remark }) => (
          <Text key={at} size="sm" className="words">
            <When at={at} /> · {o.by} {by} · {words.after(added, removed)} {remark}
          </Text>
        ))}
      </Part>
    </Stack>
  );
}

import { Button, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useOpsTexts } from './use-ops-texts';
import type { RulesDraft } from './use-rules-trial';

type Added = RulesDraft['added'][number];

/** Why a rule finds a text, and what becomes of it then. */
export const labels = ['ads', 'fraud', 'porn', 'abuse', 'illegal', 'politics'] as const;
const kinds = ['word', 'domain'] as const;
export const thens = ['hold', 'block'] as const;

/** What is added to the built-in rules, and what of them no longer counts: each list with its form. */
export function RulesForms({ draft, change }: { draft: RulesDraft; change: (next: RulesDraft) => void }) {
  return (
    <>
      <AddedRules draft={draft} change={change} />
      <RemovedRules draft={draft} change={change} />
    </>
  );
}

function AddedRules({ draft, change }: { draft: RulesDraft; change: (next: RulesDraft) => void }) {
  const { o } = useOpsTexts();
  const words = o.rules;
  const [rule, setRule] = useState<Added>({ phrase: '', kind: 'word', label: 'ads', then: 'hold' });
  const phrase = rule.phrase.trim();
  return (
    <Paper withBorder p="md" component="section" aria-label={words.added}>
      <Stack
        gap="sm"
        component="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (phrase === '') return;
          change({ ...draft, added: [...draft.added, { ...rule, phrase }] });
          setRule({ ...rule, phrase: '' });
        }}
      >
        <Title order={2} size="h4">
          {words.added}
        </Title>
        {draft.added.map((one, at) => (
          <Group key={at} justify="space-between">
            <Text className="words">
              {one.phrase} · {words.kinds[one.kind]} · {o.held.labels[one.label]} · {words.then[one.then]}
            </Text>
            <Button
              size="xs"
              variant="default"
              aria-label={`${words.drop}: ${one.phrase}`}
              onClick={() => change({ ...draft, added: draft.added.filter((_, index) => index !== at) })}
            >
              {words.drop}
            </Button>
          </Group>
        ))}
        <TextInput
          label={words.phrase}
          maxLength={100}
          value={rule.phrase}
          onChange={(event) => setRule({ ...rule, phrase: event.currentTarget.value })}
        />
        <Group align="flex-end">
          <NativeSelect
            label={words.kind}
            value={rule.kind}
            data={kinds.map((value) => ({ value, label: words.kinds[value] }))}
            onChange={(event) => setRule({ ...rule, kind: event.currentTarget.value as Added['kind'] })}
          />
          <NativeSelect
            label={words.label}
            value={rule.label}
            data={labels.map((value) => ({ value, label: o.held.labels[value] }))}
            onChange={(event) => setRule({ ...rule, label: event.currentTarget.value as Added['label'] })}
          />
          <NativeSelect
            label={words.thenLabel}
            value={rule.then}
            data={thens.map((value) => ({ value, label: words.then[value] }))}
            onChange={(event) => setRule({ ...rule, then: event.currentTarget.value as Added['then'] })}
          />
          <Button type="submit" variant="default">
            {words.add}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

function RemovedRules({ draft, change }: { draft: RulesDraft; change: (next: RulesDraft) => void }) {
  const { o } = useOpsTexts();
  const words = o.rules;
  const [phrase, setPhrase] = useState('');
  return (
    <Paper withBorder p="md" component="section" aria-label={words.removed}>
      <Stack
        gap="sm"
        component="form"
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = phrase.trim();
          if (wanted === '' || draft.removed.includes(wanted)) return;
          change({ ...draft, removed: [...draft.removed, wanted] });
          setPhrase('');
        }}
      >
        <Title order={2} size="h4">
          {words.removed}
        </Title>
        {draft.removed.map((one) => (
          <Group key={one} justify="space-between">
            <Text className="words">{one}</Text>
            <Button
              size="xs"
              variant="default"
              aria-label={`${words.putBack}: ${one}`}
              onClick={() => change({ ...draft, removed: draft.removed.filter((other) => other !== one) })}
            >
              {words.putBack}
            </Button>
          </Group>
        ))}
        <Group align="flex-end">
          <TextInput
            label={words.builtInPhrase}
            maxLength={100}
            value={phrase}
            onChange={(event) => setPhrase(event.currentTarget.value)}
          />
          <Button type="submit" variant="default">
            {words.takeOut}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

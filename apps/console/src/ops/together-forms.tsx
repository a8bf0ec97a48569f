import { Button, Group, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Schemas } from '../api/client';
import { Part } from '../shared/part';
import { labels, thens } from './rules-forms';
import { useOpsTexts, wordFor } from './use-ops-texts';
import type { RulesDraft } from './use-rules-trial';

type Together = RulesDraft['together'];
type Added = Together['added'][number];

interface TogetherFormsProps {
  readonly draft: RulesDraft;
  readonly change: (next: RulesDraft) => void;
  readonly builtIn: Schemas['Rules']['builtIn'];
}

/** Rules of words that count only together: those that are built in, which one takes out and puts back, and one's own. */
export function TogetherForms({ draft, change, builtIn }: TogetherFormsProps) {
  const { o } = useOpsTexts();
  const words = o.rules;
  const { added, removed } = draft.together;
  const set = (more: Partial<Together>) => change({ ...draft, together: { ...draft.together, ...more } });
  const ofBuiltIn = builtIn.flatMap(({ label, then, togetherRules }) =>
    togetherRules.map((rule) => ({ ...rule, label, then })),
  );
  const told = ({ groups, within, label, then }: Pick<Added, 'groups' | 'within' | 'then'> & { label: string }) =>
    [
      words.togetherRule(groups.map((group) => group.join(' / ')).join(' + '), within),
      wordFor(o.held.labels, label),
      words.then[then],
    ].join(' · ');
  return (
    <Part title={words.together}>
      <Text size="sm">{words.togetherWhat}</Text>
      {ofBuiltIn.map((rule) => {
        const isOut = removed.includes(rule.id);
        return (
          <Group key={rule.id} justify="space-between">
            <Text size="sm" className="words" flex={1} td={isOut ? 'line-through' : undefined}>
              {words.builtIn} · {told(rule)}
            </Text>
            <Button
              size="xs"
              variant="default"
              aria-label={`${isOut ? words.putBack : words.takeOut}: ${told(rule)}`}
              onClick={() => set({ removed: isOut ? removed.filter((id) => id !== rule.id) : [...removed, rule.id] })}
            >
              {isOut ? words.putBack : words.takeOut}
            </Button>
          </Group>
        );
      })}
      {added.map((rule, at) => (
        <Group key={at} justify="space-between">
          <Text size="sm" className="words" flex={1}>
            {told(rule)}
          </Text>
          <Button
            size="xs"
            variant="default"
            aria-label={`${words.drop}: ${told(rule)}`}
            onClick={() => set({ added: added.filter((_, index) => index !== at) })}
          >
            {words.drop}
          </Button>
        </Group>
      ))}
      <AddTogether add={(rule) => set({ added: [...added, rule] })} />
    </Part>
  );
}

function AddTogether({ add }: { add: (rule: Added) => void }) {
  const { o } = useOpsTexts();
  const words = o.rules;
  const [typed, setTyped] = useState<readonly string[]>(['', '', '']);
  const [rest, setRest] = useState<Omit<Added, 'groups'>>({ within: 20, label: 'ads', then: 'hold' });
  const groups = typed.map(wordsIn).filter((group) => group.length > 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (groups.length < 2) return;
    add({ groups, ...rest });
    setTyped(['', '', '']);
  };
  return (
    <Stack gap="sm" component="form" onSubmit={submit}>
      {typed.map((text, at) => (
        <TextInput
          key={at}
          label={at === 2 ? words.groupMore : words.group(at + 1)}
          maxLength={2_000}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setTyped(typed.map((one, index) => (index === at ? value : one)));
          }}
        />
      ))}
      <Group align="flex-end">
        <NumberInput
          label={words.within}
          min={4}
          max={200}
          clampBehavior="strict"
          value={rest.within}
          onChange={(within) => setRest({ ...rest, within: Number(within) || 20 })}
        />
        <NativeSelect
          label={words.label}
          value={rest.label}
          data={labels.map((value) => ({ value, label: o.held.labels[value] }))}
          onChange={(event) => setRest({ ...rest, label: event.currentTarget.value as Added['label'] })}
        />
        <NativeSelect
          label={words.thenLabel}
          value={rest.then}
          data={thens.map((value) => ({ value, label: words.then[value] }))}
          onChange={(event) => setRest({ ...rest, then: event.currentTarget.value as Added['then'] })}
        />
        <Button type="submit" variant="default" disabled={groups.length < 2}>
          {words.add}
        </Button>
      </Group>
    </Stack>
  );
}

/** The words of a group, as they were typed one after the other. */
const wordsIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,，、]/)
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
];

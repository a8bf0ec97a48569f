import { Table, Text } from '@mantine/core';
import { useOpsTexts } from './use-ops-texts';

/** A small table: a name, then figures. Scrolls by itself where the screen is narrow. */
export function Figures({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) {
  const { o } = useOpsTexts();
  if (rows.length === 0) return <Text size="sm">{o.nothing}</Text>;
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {head.map((name, at) => (
              <Table.Th key={name} ta={at === 0 ? 'start' : 'end'}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, ...figures]) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              {figures.map((figure, at) => (
                <Table.Td key={at} ta="end">
                  {figure}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

import { isDeletion, isProjected, projectedTo } from './system-projections';

const head = (streamId: string, type = 't') => ({ position: 9, streamId, type });
const metadata = (streamId: string, text: string, isJson = true) => ({
  ...head(streamId, '$metadata'),
  revision: 0n,
  id: '',
  isJson,
  createdMs: 0,
  data: Buffer.from(text),
  metadata: new Uint8Array(0),
});
const softDeletion = '{"$tb":9223372036854775807}';

it.each([
  ['order-1', ['$ce-order', '$et-t']],
  ['order-1-2', ['$ce-order', '$et-t']],
  ['order-', ['$ce-order', '$et-t']],
  ['order', ['$et-t']],
  ['-order', ['$et-t']],
  ['--1', ['$et-t']],
  ['or$der-1', ['$ce-or$der', '$et-t']],
  ['$order-1', []],
  ['$$order-1', ['$et-t']],
  ['$$$order-1', []],
  ['$ce-order', []],
  ['$$$ce-order', []],
])('projects an event of %s', (streamId, streams) => {
  expect(projectedTo(head(streamId), false)).toEqual(streams);
});

it('projects a link by category only', () => {
  expect(projectedTo(head('order-1', '$>'), false)).toEqual(['$ce-order']);
});

it('projects a deletion as one, for the stream that was deleted', () => {
  expect(projectedTo(head('order-1', '$streamDeleted'), true)).toEqual(['$ce-order', '$et-$deleted']);
  expect(projectedTo(head('$$order-1', '$metadata'), true)).toEqual(['$ce-order', '$et-$deleted']);
  expect(projectedTo(head('$$order', '$metadata'), true)).toEqual(['$et-$deleted']);
});

it.each([
  ['the metadata of a soft deletion', metadata('$$order-1', softDeletion), true],
  ['other metadata', metadata('$$order-1', '{"$tb":5}'), false],
  ['metadata that is no JSON', metadata('$$order-1', softDeletion, false), false],
  ['metadata that cannot be read', metadata('$$order-1', '{'), false],
  ['an event of that type elsewhere', metadata('order-1', softDeletion), false],
  ['metadata of a system stream', metadata('$$$order-1', softDeletion), false],
  ['a tombstone', { ...metadata('order-1', ''), type: '$streamDeleted' }, true],
  ['a tombstone of metadata', { ...metadata('$$order-1', ''), type: '$streamDeleted' }, false],
])('knows whether %s is a deletion', (_, event, deletion) => {
  expect(isDeletion(event)).toBe(deletion);
});

it.each([
  ['$ce-order', true],
  ['$et-', true],
  ['$ce', false],
  ['$$$ce-order', false],
  ['order-$ce-1', false],
])('knows whether %s is filled by a projection', (streamId, projected) => {
  expect(isProjected(streamId)).toBe(projected);
});

import { maskedAddress } from './masked-address';

describe('what was looked for', () => {
  it.each([
    ['ann@mail.example', 'a•••@m•••'],
    ['安@例.example', '安•••@例•••'],
    ['oABC_123', 'oA•••'],
    ['', '•••'],
  ])('%s is shown as %s', (text, shown) => expect(maskedAddress(text)).toBe(shown));
});

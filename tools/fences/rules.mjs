// Rules of ours that no plugin has: what a file is called and what it exports.
import { basename } from 'node:path';

const bare = (name) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

/** `1-create-inbox.migration.ts` and `CreateInbox1795000000001` are alike, as are `bark.channel.ts` and `BarkChannel`. */
function isNamedLike(file, className) {
  const parts = basename(file, '.ts').split('.');
  if (parts.at(-1) === 'migration') return bare(parts[0].replace(/^\d+-/, '')) === bare(className.replace(/\d+$/, ''));
  return [parts[0], parts.join('')].some((name) => bare(name) === bare(className));
}

const isError = ({ superClass }) => superClass?.type === 'Identifier' && superClass.name.endsWith('Error');

/** A file that exports a class exports one and is called like it. An error may stand beside what throws it. */
const oneClass = {
  meta: { schema: [], messages: { one: 'A file exports one class.', name: 'A file is called like its class: {{name}}.' } },
  create: (context) => ({
    Program({ body }) {
      const classes = body
        .filter(({ type, declaration }) => type.startsWith('Export') && declaration?.type === 'ClassDeclaration')
        .map(({ declaration }) => declaration);
      const [first, second] = classes.length > 1 ? classes.filter((node) => !isError(node)) : classes;
      if (second) context.report({ node: second.id, messageId: 'one' });
      else if (first?.id && !isNamedLike(context.filename, first.id.name) && !(isError(first) && body.length > 2)) {
        context.report({ node: first.id, messageId: 'name', data: { name: first.id.name } });
      }
    },
  }),
};

/** Files are called as `pattern` says, which sees the whole path; else `message`. */
const fileName = {
  meta: {
    schema: [
      { type: 'object', properties: { pattern: { type: 'string' }, message: { type: 'string' } }, required: ['pattern', 'message'] },
    ],
  },
  create: (context) => ({
    Program(node) {
      const [{ pattern, message }] = context.options;
      if (!new RegExp(pattern).test(context.filename)) context.report({ node, message });
    },
  }),
};

export default { rules: { 'one-class': oneClass, 'file-name': fileName } };

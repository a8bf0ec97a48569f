import { Badge } from '@mantine/core';
import { useTexts } from '../texts/use-texts';

/** An app's name, with a mark that says in words whether it has been proven to be who its name says. */
export function AppName({ app }: { app: { readonly name: string; readonly verified: boolean } }) {
  const { t } = useTexts();
  return (
    <span className="in-line">
      <span className="text words app-name">{app.name}</span>
      {app.verified && (
        <Badge component="span" size="sm" variant="outline" color="hark">
          {t.verified}
        </Badge>
      )}
    </span>
  );
}

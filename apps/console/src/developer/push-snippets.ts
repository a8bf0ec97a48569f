export type SnippetName = 'curl' | 'curl, text' | 'Node' | 'Python' | 'Go' | 'PHP';

/** How to push `title` and `body` with `key`, in the languages that people write. */
export function pushSnippets(
  hub: string,
  key: string,
  title: string,
  body: string,
): Readonly<Record<SnippetName, string>> {
  const json = JSON.stringify({ title, body });
  const url = `${hub}/v1/pushes`;
  return {
    curl: `curl ${url} -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${json.replaceAll("'", "'\\''")}'`,
    // The text alone, as scripts have it: `df -h | curl … --data-binary @-`.
    'curl, text': `curl '${url}?title=${encodeURIComponent(title)}' -H 'Authorization: Bearer ${key}' -H 'Content-Type: text/plain' --data-binary '${body.replaceAll("'", "'\\''")}'`,
    Node: `await fetch('${url}', {
  method: 'POST',
  headers: { authorization: 'Bearer ${key}', 'content-type': 'application/json' },
  body: JSON.stringify(${json}),
});`,
    Python: `import json, urllib.request
urllib.request.urlopen(urllib.request.Request(
    '${url}', json.dumps(${json}).encode(),
    {'Authorization': 'Bearer ${key}', 'Content-Type': 'application/json'}))`,
    Go: `request, _ := http.NewRequest("POST", "${url}", strings.NewReader(\`${json}\`))
request.Header.Set("Authorization", "Bearer ${key}")
request.Header.Set("Content-Type", "application/json")
http.DefaultClient.Do(request)`,
    PHP: `file_get_contents('${url}', false, stream_context_create(['http' => [
    'method' => 'POST',
    'header' => "Authorization: Bearer ${key}\\r\\nContent-Type: application/json",
    'content' => '${json.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}',
]]));`,
  };
}

/** A file size such as `14 kB`. */
export function FileSize({ bytes }: { bytes: number }) {
  if (bytes < 1000) return <>{bytes} bytes</>;
  if (bytes < 1_000_000) return <>{Math.round(bytes / 1000)} kB</>;
  return <>{(bytes / 1_000_000).toFixed(1)} MB</>;
}

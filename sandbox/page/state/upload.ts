import type { Workspace } from './workspace.ts';

function base64(bytes: Uint8Array): string {
  let binary = '';
  // In steps, for a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x2000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return btoa(binary);
}

/** Uploads a file part by part; resolves to the id that goes into a message or a form. Rejects if it is refused. */
export async function uploadFile(workspace: Workspace, file: File): Promise<string> {
  const { upload } = await workspace.request('begin_upload', {
    name: file.name,
    mimetype: file.type || 'application/octet-stream',
    size: file.size,
  });
  const step = workspace.hello.peek()?.maxPartBytes ?? 64 * 1024;
  for (let at = 0; at < file.size; at += step) {
    const part = new Uint8Array(await file.slice(at, at + step).arrayBuffer());
    await workspace.request('upload_part', { upload, data: base64(part) });
  }
  return upload;
}

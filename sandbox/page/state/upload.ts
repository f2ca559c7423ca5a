import type { Workspace } from './workspace.ts';

function base64(bytes: Uint8Array): string {
  let binary = '';
  // In steps, because the number of arguments of a call is limited.
  for (let at = 0; at < bytes.length; at += 0x2000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return btoa(binary);
}

/** Uploads a file part by part; resolves to its id for a message or a form. Rejects if the server refuses it. */
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

/** The element's label in reasons: `Service task “Post lead” (post_lead)`. */
export function elementLabel(type: string, id: string, name: string | undefined): string {
  return name ? `${kindOf(type)} “${name}” (${id})` : `${kindOf(type)} (${id})`;
}

/** `bpmn:ServiceTask` → `Service task` */
function kindOf(type: string): string {
  const words = type.replace('bpmn:', '').replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

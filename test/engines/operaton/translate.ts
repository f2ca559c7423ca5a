/**
 * Translates the contract's Camunda 8 diagrams to the dialect of Camunda 7 and Operaton, as far as the contract needs it: the
 * same elements, with `camunda:` extensions and JUEL in place of `zeebe:` and FEEL.
 */
export function toCamunda7(xml: string): string {
  return xml
    .replace('<bpmn:definitions', '<bpmn:definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn"')
    .replaceAll(/(<bpmn:message [^>]*name=")=([^"]*)/g, (_, head, feel) => head + juel(feel))
    .replaceAll(/<bpmn:process ([^>]*)>/g, '<bpmn:process $1 camunda:historyTimeToLive="P1D">')
    .replaceAll(/<bpmn:(\w+)( [^>]*)>\s*<bpmn:extensionElements>(.*?)<\/bpmn:extensionElements>/gs, element)
    .replaceAll(
      /(<bpmn:(?:conditionExpression|timeDuration|timeDate|timeCycle)[^>]*>)=([^<]*)/g,
      (_, head, feel) => head + juel(feel),
    )
    .replaceAll(/<bpmn:timeDate([^>]*)>([^<]*)</g, '<bpmn:timeDate$1>$2<');
}

function element(_: string, type: string, attributes: string, extensions: string): string {
  const attribute = (name: string, tag: string) =>
    new RegExp(`<zeebe:${tag}[^>]* ${name}="([^"]*)"`).exec(extensions)?.[1];
  const own: string[] = [];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined) own.push(` camunda:${name}="${value.startsWith('=') ? juel(value.slice(1)) : value}"`);
  };
  const formId = attribute('formId', 'formDefinition');
  if (formId !== undefined) own.push(` camunda:formRef="${formId}" camunda:formRefBinding="latest"`);
  for (const name of ['assignee', 'candidateUsers', 'candidateGroups'])
    add(name, attribute(name, 'assignmentDefinition'));
  for (const name of ['dueDate', 'followUpDate']) {
    const date = attribute(name, 'taskSchedule');
    // In Camunda 8 an empty text means no date; here it is an error.
    add(name, date?.startsWith('=') ? `\${empty ${date.slice(1)} ? null : ${date.slice(1)}}` : date);
  }
  const topic = attribute('type', 'taskDefinition');
  if (topic !== undefined) own.push(` camunda:type="external" camunda:topic="${topic}"`);
  const called = attribute('processId', 'calledElement');
  if (called !== undefined) own.push(` calledElement="${called}"`);
  const retries = attribute('retries', 'taskDefinition');
  const properties = [
    ...[...extensions.matchAll(/<zeebe:header key="([^"]*)" value="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    ...[...extensions.matchAll(/<zeebe:property name="([^"]*)" value="([^"]*)"/g)].map(([, key, value]) => [
      key,
      value,
    ]),
    ...(retries === undefined ? [] : [['retries', retries]]),
  ].map(([name, value]) => `<camunda:property name="${name}" value="${value}"/>`);
  const parameters = [...extensions.matchAll(/<zeebe:(input|output) source="([^"]*)" target="([^"]*)"\/>/g)].map(
    ([, kind, source = '', target]) =>
      // In FEEL a missing variable is null.
      `<camunda:${kind}Parameter name="${target}">${/^=[a-z]\w*$/i.test(source) ? `\${execution.getVariable('${source.slice(1)}')}` : juel(source.replace(/^=/, ''))}</camunda:${kind}Parameter>`,
  );
  // In this dialect events have no mappings.
  const isEvent = /Event$/.test(type);
  const listeners = [...extensions.matchAll(/<zeebe:output source="=([^"]*)" target="([^"]*)"\/>/g)].map(
    ([, source = '', target]) =>
      `<camunda:executionListener event="end" expression="\${execution.setVariable('${target}', ${source})}"/>`,
  );
  const inside = [
    isEvent ? listeners.join('') : '',
    properties.length > 0 ? `<camunda:properties>${properties.join('')}</camunda:properties>` : '',
    parameters.length > 0 && !isEvent ? `<camunda:inputOutput>${parameters.join('')}</camunda:inputOutput>` : '',
    called === undefined ? '' : '<camunda:in variables="all"/><camunda:out variables="all"/>',
  ].join('');
  const content = inside && `<bpmn:extensionElements>${inside}</bpmn:extensionElements>`;
  return `<bpmn:${type}${attributes}${own.join('')}>${content}`;
}

/** Translates the contract's FEEL: a variable, a comparison, a list of texts, texts joined by `+`. */
function juel(feel: string): string {
  const text = feel.replaceAll('&quot;', '"').trim();
  const list = /^\["([^"]*)"\]$/.exec(text)?.[1];
  if (list !== undefined) return list;
  const literal = /^"([^"]*)"$/.exec(text)?.[1];
  if (literal !== undefined) return literal;
  const texts = /^"([^"]*)" \+ "([^"]*)"$/.exec(text);
  if (texts) return `\${'${texts[1]}'.concat('${texts[2]}')}`;
  const joined = /^"([^"]*)" \+ (\w+)$/.exec(text);
  if (joined) return `${joined[1]}\${${joined[2]}}`;
  return `\${${text.replaceAll('"', "'").replaceAll(/(?<![=!<>])=(?!=)/g, '==')}}`;
}

import { useState } from 'preact/hooks';
import type { ShownConversation } from '../../page-server/protocol.ts';
import { useWorkspace } from '../state/context.ts';
import type { Choice } from '../ui/combobox-choice.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import { TextLine } from '../ui/labelled-field.tsx';
import { PeopleField } from './people-field.tsx';
import { refusalOf } from './refusal.ts';

interface ChannelDialogProps {
  channel: ShownConversation;
  onClose(): void;
}

export function RenameDialog({ channel, onClose }: ChannelDialogProps) {
  const workspace = useWorkspace();
  const [name, setName] = useState(channel.name);
  return (
    <FormDialog
      title="Rename channel"
      submit="Rename"
      onClose={onClose}
      onSubmit={() =>
        refusalOf(
          workspace.request('rename_channel', { conversation: channel.id, name: name.trim().replace(/^#/, '') }),
        )
      }
    >
      <TextLine label="Name" value={name} onInput={(typed) => setName(typed.toLowerCase().replaceAll(' ', '-'))} />
    </FormDialog>
  );
}

export function TopicDialog({ channel, onClose }: ChannelDialogProps) {
  const workspace = useWorkspace();
  const [topic, setTopic] = useState(channel.topic);
  return (
    <FormDialog
      title="Edit topic"
      submit="Save"
      onClose={onClose}
      onSubmit={() => refusalOf(workspace.request('set_topic', { conversation: channel.id, topic }))}
    >
      <TextLine label="Topic" value={topic} onInput={setTopic} />
    </FormDialog>
  );
}

export function InviteDialog({ channel, onClose }: ChannelDialogProps) {
  const workspace = useWorkspace();
  const [chosen, setChosen] = useState<Choice[]>([]);
  const invite = () => {
    if (chosen.length === 0) return Promise.resolve('Choose somebody to invite.');
    const userIds = chosen.map((choice) => choice.value);
    return refusalOf(workspace.request('invite', { conversation: channel.id, userIds }));
  };
  return (
    <FormDialog title={`Invite to #${channel.name}`} submit="Invite" onClose={onClose} onSubmit={invite}>
      <PeopleField
        label="People and apps"
        offers={(person) =>
          !channel.members.includes(person.id) && (!person.isExternal || channel.sharedWith.includes(person.teamName))
        }
        selected={chosen}
        onChange={setChosen}
      />
    </FormDialog>
  );
}

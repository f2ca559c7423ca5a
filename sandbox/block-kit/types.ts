import type { JsonObject } from '../json.ts';

export interface TextObject {
  type: 'plain_text' | 'mrkdwn';
  text: string;
  emoji?: boolean | undefined;
  verbatim?: boolean | undefined;
}

export interface OptionObject {
  text: TextObject;
  value?: string | undefined;
  description?: TextObject | undefined;
  url?: string | undefined;
}

export interface OptionGroup {
  label: TextObject;
  options: OptionObject[];
}

export interface ConfirmObject {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
}

/** An interactive element whose shape has been checked: only the fields that the sandbox itself reads. */
export interface BlockElement {
  type: string;
  action_id: string;
  text?: TextObject | undefined;
  value?: string | undefined;
  url?: string | undefined;
  style?: string | undefined;
  accessibility_label?: string | undefined;
  placeholder?: TextObject | undefined;
  confirm?: ConfirmObject | undefined;
  options?: OptionObject[] | undefined;
  option_groups?: OptionGroup[] | undefined;
  initial_option?: OptionObject | undefined;
  initial_options?: OptionObject[] | undefined;
  initial_value?: unknown;
  initial_date?: string | undefined;
  initial_time?: string | undefined;
  initial_date_time?: number | undefined;
  initial_user?: string | undefined;
  initial_users?: string[] | undefined;
  initial_channel?: string | undefined;
  initial_channels?: string[] | undefined;
  initial_conversation?: string | undefined;
  initial_conversations?: string[] | undefined;
  default_to_current_conversation?: boolean | undefined;
  response_url_enabled?: boolean | undefined;
  filter?:
    | {
        include?: string[] | undefined;
        exclude_external_shared_channels?: boolean | undefined;
        exclude_bot_users?: boolean | undefined;
      }
    | undefined;
  min_query_length?: number | undefined;
  max_selected_items?: number | undefined;
  multiline?: boolean | undefined;
  min_length?: number | undefined;
  max_length?: number | undefined;
  is_decimal_allowed?: boolean | undefined;
  min_value?: string | undefined;
  max_value?: string | undefined;
  dispatch_action_config?: { trigger_actions_on?: string[] | undefined } | undefined;
  filetypes?: string[] | undefined;
  max_files?: number | undefined;
}

/** A block whose shape has been checked. */
export interface Block {
  type: string;
  block_id: string;
  text?: TextObject | undefined;
  fields?: TextObject[] | undefined;
  accessory?: BlockElement | undefined;
  elements?: BlockElement[] | undefined;
  label?: TextObject | undefined;
  hint?: TextObject | undefined;
  optional?: boolean | undefined;
  dispatch_action?: boolean | undefined;
  element?: BlockElement | undefined;
  title?: TextObject | undefined;
  alt_text?: string | undefined;
}

/** A view whose shape has been checked and whose ids are filled in. */
export interface View {
  type: 'modal' | 'home';
  title?: TextObject | undefined;
  submit?: TextObject | undefined;
  close?: TextObject | undefined;
  blocks: Block[];
  private_metadata: string;
  callback_id: string;
  external_id: string;
  clear_on_close: boolean;
  notify_on_close: boolean;
}

/** One entry of `view.state.values`: `{ type, value | selected_option | … }`. */
export type StateValue = JsonObject & { type: string };

/** `view.state.values`: by block id, then by action id. */
export type StateValues = Record<string, Record<string, StateValue>>;

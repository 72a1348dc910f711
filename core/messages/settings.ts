/** What a deployment decides about its messages. */
import type { Finding, FindingKind } from '../findings/finding.ts';
import { type Build, buildOf } from '../judged-by.ts';
import type { Settings } from '../settings.ts';

export interface Action {
  /** A command that exists in this deployment; `{id}` stands for the finding. */
  command: string;
  /** Only for findings of this kind. */
  kind?: FindingKind;
}

export interface MessageSettings {
  /** Name of the deployment: part of every message id and thread. */
  deployment: string;
  /** An address ending in `/` gets the finding's kind as its last part, any other gets it as its fragment. */
  runbookBaseUrl: string;
  /** Names the account of a consumer finding in the text. No other account is ever named. */
  showAccount: boolean;
  /** Printed in this order; an empty list prints no command. */
  actions: readonly Action[];
  build?: Build;
}

/** What a reader types next: commands that exist, none of which touches an account. */
export const ACTIONS: readonly Action[] = [
  { command: 'stillwatch show {id} --members', kind: 'consumer' },
  { command: 'stillwatch show {id} --why' },
  { command: 'stillwatch export {id} --as throttle --dry-run', kind: 'campaign' },
  { command: 'stillwatch dossier {id} --hold' },
];

/** `version`: of the program that tells. */
export function messageSettings(settings: Settings, version: string): MessageSettings {
  const { deployment, messages, alerts } = settings;
  const build = buildOf(settings, version);
  return { deployment, runbookBaseUrl: messages.runbook, showAccount: alerts.showAccount, actions: ACTIONS, build };
}

/** Settings of a run from a checkout: the runbook is the file beside the code, and no command is advertised. */
export function localSettings(deployment: string): MessageSettings {
  return { deployment, runbookBaseUrl: 'docs/runbook.md', showAccount: false, actions: [] };
}

export function runbookLink(settings: MessageSettings, finding: Finding): string {
  return runbookOf(settings, finding.kind);
}

export function runbookOf({ runbookBaseUrl: base }: MessageSettings, section: string): string {
  return base.endsWith('/') ? `${base}${section}` : `${base}#${section}`;
}

export function actionsFor(settings: MessageSettings, finding: Finding): string[] {
  const fitting = settings.actions.filter(({ kind }) => kind === undefined || kind === finding.kind);
  return fitting.map(({ command }) => command.replaceAll('{id}', finding.id));
}

/** What a deployment decides about its messages. */
import type { Finding } from '../findings/finding.ts';

export interface Action {
  /** A command that exists in this deployment; `{id}` stands for the finding. */
  command: string;
  /** What it does, and above all what it does not. */
  note?: string;
}

export interface ListPrice {
  /** ISO 4217, `USD` say. */
  currency: string;
  /** What an ordinary customer pays for a million output tokens. */
  perMillionOutputTokens: number;
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
  /** Without a price no message speaks of money. */
  listPrice?: ListPrice;
  build?: { version: string; config: string };
}

/** Settings of a run from a checkout: the runbook is the file beside the code, and no command is advertised. */
export function localSettings(deployment: string): MessageSettings {
  return { deployment, runbookBaseUrl: 'docs/runbook.md', showAccount: false, actions: [] };
}

export function runbookLink(settings: MessageSettings, finding: Finding): string {
  const base = settings.runbookBaseUrl;
  return base.endsWith('/') ? `${base}${finding.kind}` : `${base}#${finding.kind}`;
}

export function actionsFor(settings: MessageSettings, finding: Finding): Action[] {
  return settings.actions.map((action) => ({ ...action, command: action.command.replaceAll('{id}', finding.id) }));
}

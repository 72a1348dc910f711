/**
 * What marks a prompt as harvesting: one row for each way of asking. English only, with the commonest phrases of a few
 * other languages; text is in lower case. A flag is a hint about an exchange, never a verdict on it.
 */
import type { Flag } from '../schema.ts';

export interface FlagCue {
  flag: Flag;
  /** Must run in linear time: gaps are bounded. */
  pattern: RegExp;
}

const REASONING =
  '(?:reasoning|thinking|thoughts?|thought process|chain[- ]of[- ]thought|inner monologue|deliberation|rationale)';

export const FLAG_CUES: readonly FlagCue[] = [
  // Reasoning asked for as text.
  { flag: 'cot_elicitation', pattern: /chain[- ]of[- ]thought|think(?:ing)? (?:aloud|out loud)|let'?s think/ },
  {
    flag: 'cot_elicitation',
    pattern: new RegExp(
      `\\b(?:show|write|print|output|reveal|include|give|expose|explain|describe|document|share|record)\\b.{0,40}\\b${REASONING}\\b`,
    ),
  },
  {
    flag: 'cot_elicitation',
    pattern:
      /\b(?:think|reason|explain|work)\b.{0,40}\bstep[- ]by[- ]step\b|\bstep[- ]by[- ]step (?:reasoning|thinking|explanation|derivation|solution)/,
  },
  {
    flag: 'cot_elicitation',
    pattern:
      /\b(?:explain|show|write (?:out|down)|describe)\b.{0,20}\b(?:every|each|all|intermediate)\b.{0,20}\bsteps?\b/,
  },
  {
    flag: 'cot_elicitation',
    pattern: /<(?:think|thinking|thought|thoughts|reasoning|scratchpad|cot|analysis|inner_monologue)>/,
  },
  {
    flag: 'cot_elicitation',
    pattern: /\bhow (?:did )?you (?:got there|got to|get to|arrived? at|reach(?:ed)?|c[ao]me to)\b/,
  },
  {
    flag: 'cot_elicitation',
    pattern:
      /一步一步|逐步(?:思考|推理|解释)|思维链|思考过程|paso a paso|étape par étape|schritt für schritt|passo a passo|шаг за шагом/,
  },
  // Reasoning asked for in another language, which slips past summaries of it.
  { flag: 'reasoning_translation', pattern: new RegExp(`\\btranslat\\w{1,4}\\b.{0,60}\\b${REASONING}\\b`) },
  {
    flag: 'reasoning_translation',
    pattern: new RegExp(
      `\\b${REASONING}\\b.{0,80}\\b(?:in|into|consistent with|match(?:es|ing)?)\\b.{0,30}\\blanguage\\b`,
    ),
  },
  {
    flag: 'reasoning_translation',
    pattern:
      /\b(?:think|reason)\b.{0,30}\bin (?:the same language|the user'?s language|english|chinese|mandarin|spanish|french|german|japanese|russian|arabic|korean|portuguese|hindi)\b/,
  },
  {
    flag: 'reasoning_translation',
    pattern:
      /(?:翻译|用(?:中文|英文|英语)).{0,20}(?:推理|思考|思维)|(?:推理|思考|思维).{0,20}(?:翻译|用(?:中文|英文|英语))/,
  },
  // The model as a judge of answers.
  {
    flag: 'rubric',
    pattern: /\brubrics?\b|\b(?:grading|scoring|marking|evaluation) (?:criteria|guidelines|scheme|guide)\b/,
  },
  {
    flag: 'rubric',
    pattern:
      /\b(?:grade|score|rate|evaluate|judge|assess|rank)\b.{0,60}\b(?:responses?|answers?|completions?|candidates?|solutions?|outputs?)\b.{0,120}\b(?:scale|points?|score|from \d|out of \d|\d ?(?:-|–|to) ?\d)/,
  },
  {
    flag: 'rubric',
    pattern:
      /\bwhich (?:of the )?(?:two |\w{1,8} )?(?:responses?|answers?|completions?|candidates?|outputs?) (?:is|are) (?:better|best|more|preferred)\b/,
  },
  {
    flag: 'rubric',
    pattern: /\b(?:impartial|expert|strict) (?:judge|grader|evaluator)\b|\breward model\b|评分标准|打分/,
  },
  // A form that a program will read.
  {
    flag: 'format_forced',
    pattern:
      /\b(?:only|exactly|strictly|must|always)\b.{0,60}\b(?:json|xml|yaml|csv|format|schema|template|tags?|structure)\b/,
  },
  {
    flag: 'format_forced',
    pattern:
      /\b(?:json|xml|yaml|csv)\b.{0,30}\b(?:only|nothing else|exclusively)\b|\b(?:only|just) (?:output|return|respond with|reply with)\b/,
  },
  {
    flag: 'format_forced',
    pattern:
      /\b(?:no|without|don'?t (?:add|include|write)|do not (?:add|include|write)) (?:any )?(?:other|additional|extra|further|surrounding) (?:text|words?|commentary|output|prose|explanations?)\b/,
  },
  {
    flag: 'format_forced',
    pattern: /\b(?:wrap|enclose|put|place|inside|within|between|surround)\b.{0,60}<[a-z][\w-]{0,40}>/,
  },
  {
    flag: 'format_forced',
    pattern:
      /\b(?:following|this|specified|given) (?:exact )?(?:output )?(?:format|structure|template|schema)\b|严格按照|只输出|以下格式/,
  },
  // How far the model goes before it refuses.
  {
    flag: 'refusal_probe',
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules|guidelines|polic(?:y|ies)|restrictions?|safety|filters?|safeguards?)\b/,
  },
  {
    flag: 'refusal_probe',
    pattern:
      /\b(?:do not|don'?t|never|without|cannot|can'?t) (?:\w{1,12} )?(?:refus(?:e|al|ing)|declin(?:e|ing)|disclaimers?|warnings?|moraliz\w{1,4})\b/,
  },
  {
    flag: 'refusal_probe',
    pattern:
      /\bjailbr[eo]a?k\w{0,4}\b|\bno (?:restrictions|filters?|limits|censorship)\b|\b(?:un(?:censored|filtered|restricted)) (?:mode|model|ai|assistant|response|answer)\b|\bdo anything now\b|\bdeveloper mode\b/,
  },
  {
    flag: 'refusal_probe',
    pattern:
      /\b(?:reveal|print|repeat|show|output)\b.{0,40}\b(?:system prompt|hidden (?:instructions|prompt|reasoning)|initial instructions|raw (?:thinking|reasoning))\b/,
  },
  {
    flag: 'refusal_probe',
    pattern:
      /忽略.{0,10}(?:指令|规则|提示)|ignora .{0,20}instrucciones|ignoriere .{0,20}anweisungen|ignore[rz]? .{0,20}(?:consignes|instruções)/,
  },
];

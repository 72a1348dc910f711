/**
 * Which words tell which task: one row for each way of asking, with its weight. English, with the commonest verbs of a
 * few other languages; text is in lower case. A weight of 3 decides alone where nothing else speaks.
 */
import type { Task } from '../schema.ts';

export interface TaskCue {
  task: Task;
  weight: 1 | 2 | 3 | 4;
  /** Must run in linear time: gaps are bounded. */
  pattern: RegExp;
}

const LANGUAGES =
  '(?:english|spanish|french|german|italian|portuguese|russian|chinese|mandarin|japanese|korean|arabic|hindi|turkish|polish|dutch|vietnamese|thai|indonesian|ukrainian|swedish)';

export const TASK_CUES: readonly TaskCue[] = [
  {
    task: 'rubric_grading',
    weight: 4,
    pattern: /\brubrics?\b|\b(?:grading|scoring|marking) (?:criteria|guidelines|scheme)\b|\breward model\b|评分标准/,
  },
  {
    task: 'rubric_grading',
    weight: 4,
    pattern:
      /\b(?:grade|score|rate|judge|rank|evaluate)\b.{0,60}\b(?:responses?|answers?|completions?|candidates?|essays?|student)\b/,
  },
  {
    task: 'rubric_grading',
    weight: 4,
    pattern:
      /\bwhich (?:of the )?(?:two |\w{1,8} )?(?:responses?|answers?|completions?|candidates?|outputs?) (?:is|are) (?:better|best|more|preferred)\b/,
  },
  {
    task: 'rubric_grading',
    weight: 2,
    pattern:
      /\b(?:on a )?scale (?:of|from) (?:\d|<n>)|\bout of (?:5|10|100|<n>)\b|\bresponse [ab12]\b|\bassistant [ab]\b/,
  },

  {
    task: 'reasoning_trace',
    weight: 3,
    pattern: /chain[- ]of[- ]thought|思维链|思考过程|<(?:think|thinking|thoughts?|reasoning|scratchpad|cot)>/,
  },
  {
    task: 'reasoning_trace',
    weight: 3,
    pattern:
      /\b(?:show|write|reveal|output|include|give|explain|describe|print)\b.{0,30}\b(?:reasoning|thinking|thought process|inner monologue|intermediate steps?)\b/,
  },
  {
    task: 'reasoning_trace',
    weight: 2,
    pattern:
      /\bstep[- ]by[- ]step\b|\bhow you (?:got there|got to|arrived|reached)\b|\bevery (?:single )?step\b|一步一步|逐步/,
  },
  {
    task: 'reasoning_trace',
    weight: 2,
    pattern: /\b(?:prove|proof|theorem|solve (?:for|the equation)|integral|derivative|olympiad)\b/,
  },

  {
    task: 'data_generation',
    weight: 4,
    pattern:
      /\b(?:generate|create|produce|write|synthesi[sz]e|make up|come up with)\b.{0,40}\b(?:\d+|<n>|ten|twenty|fifty|hundred|many|diverse|synthetic|new|varied)\b.{0,40}\b(?:questions?|problems?|examples?|instructions?|prompts?|dialogues?|conversations|samples?|rows?|records?|tasks?|pairs|scenarios|exercises)\b/,
  },
  {
    task: 'data_generation',
    weight: 3,
    pattern:
      /\b(?:synthetic|training|fine-?tuning|instruction) (?:data|examples?|set|samples?|corpus)\b|\bdata ?sets?\b|\bquestion[- ](?:and[- ])?answer pairs\b|\bself-instruct\b/,
  },

  {
    task: 'translation',
    weight: 4,
    pattern: new RegExp(`\\btranslat(?:e|ion|ing)\\b.{0,60}\\b(?:to|into|from|in) ${LANGUAGES}\\b`),
  },
  {
    task: 'translation',
    weight: 3,
    pattern:
      /^(?:please )?translate\b|\btranslate (?:the|this|these|following)\b|翻译|traduce |traduis|traduza|übersetze|переведи|翻訳/,
  },

  {
    task: 'agentic_reasoning',
    weight: 4,
    pattern:
      /\byou are an? (?:\w{1,14} ){0,2}agent\b|\b(?:decide|choose|determine|select|plan)\b.{0,20}\bnext (?:action|step|tool|move)\b/,
  },
  {
    task: 'agentic_reasoning',
    weight: 3,
    pattern:
      /\b(?:observation|action input|thought): |\bplan and execute\b|\bautonomous(?:ly)?\b|\bsub-?(?:tasks?|goals?|agents?)\b/,
  },
  {
    task: 'agentic_reasoning',
    weight: 2,
    pattern: /\b(?:available|following) tools\b|\btool (?:calls?|results?)\b|\bbrowse the web\b|\bcomputer use\b/,
  },

  {
    task: 'tool_use',
    weight: 4,
    pattern:
      /\b(?:function|tool)[- ]call(?:s|ing)?\b|\b(?:which|what) (?:tool|function|api) (?:to|should|would)\b|\bcall the (?:right|correct|appropriate)? ?(?:function|tool|api)\b/,
  },
  {
    task: 'tool_use',
    weight: 2,
    pattern: /\b(?:tool|function) (?:definitions?|schemas?|signatures?|arguments)\b|\buse the tools?\b/,
  },

  {
    task: 'long_horizon',
    weight: 4,
    pattern:
      /\blong[- ]horizon\b|\bover (?:the (?:course|span) of )?(?:many|several|multiple|\d+|<n>) (?:steps|hours|days|weeks|sessions|iterations|turns)\b|\bkeep (?:working|going|iterating) until\b/,
  },
  {
    task: 'long_horizon',
    weight: 3,
    pattern:
      /\b(?:multi-?(?:step|week|month|year|stage)|end-to-end) (?:plan|project|roadmap|task|strategy|migration)\b|\bmilestones?\b|\broad ?map\b|\bproject plan\b/,
  },

  {
    task: 'software_engineering',
    weight: 4,
    pattern:
      /\b(?:write|implement|fix|refactor|debug|review|optimi[sz]e|port|rewrite|create|build|test|extend)\b.{0,60}\b(?:functions?|class|code|scripts?|program|bugs?|unit tests?|patch(?:es)?|module|sql|query|component|endpoint|api|cli|parser|compiler|regex|algorithm)\b/,
  },
  {
    task: 'software_engineering',
    weight: 3,
    pattern:
      /```|\btraceback\b|\bstack trace\b|\bpull request\b|\bcode ?base\b|\bunit tests?\b|\b(?:type|syntax|runtime|null ?pointer|segmentation) ?(?:error|exception|fault)\b|\bdiff --git\b|\bwrite the diff\b|\bgit (?:commit|rebase|merge|diff)\b/,
  },
  {
    task: 'software_engineering',
    weight: 2,
    pattern:
      /\b(?:python|typescript|javascript|rust|golang|c\+\+|kotlin|react|django|postgres(?:ql)?|docker(?:file)?|kubernetes|terraform|bash|webpack|java|c#|php|node\.js)(?![\w+#])/,
  },

  {
    task: 'vision',
    weight: 3,
    pattern:
      /\b(?:in|describe|analy[sz]e|look at|transcribe|read)\b.{0,20}\b(?:image|picture|photo(?:graph)?|screenshot|diagram)\b/,
  },

  {
    task: 'writing',
    weight: 4,
    pattern:
      /\b(?:write|draft|compose|rewrite|edit|proofread|polish|continue)\b.{0,40}\b(?:essay|stor(?:y|ies)|poem|blog|article|e-?mail|letter|post|speech|screenplay|lyrics|novel|chapter|tweet|caption|press release|paragraph|toast|haiku|sonnet|biography|description)\b/,
  },
  {
    task: 'writing',
    weight: 2,
    pattern: /\b(?:rephrase|paraphrase|reword|tone of voice|more (?:formal|concise|polite)|grammar)\b/,
  },

  {
    task: 'analysis',
    weight: 3,
    pattern: /\b(?:summari[sz]e|analy[sz]e|compare|contrast|extract|classify|categori[sz]e|critique|interpret)\b/,
  },
  {
    task: 'analysis',
    weight: 2,
    pattern: /\b(?:summary|analysis|pros and cons|key (?:points|findings|takeaways)|trends?|root cause|sentiment)\b/,
  },
  {
    task: 'analysis',
    weight: 1,
    pattern: /\b(?:explain|why (?:do|does|did|is|are)|what (?:is|are|causes)|how (?:do|does|is|are))\b/,
  },

  {
    task: 'conversation',
    weight: 3,
    pattern:
      /^(?:hi|hello|hey|yo|thanks|thank you|good (?:morning|evening|afternoon|night)|how are you|what'?s up|hola|bonjour|hallo|你好|こんにちは)\b/,
  },
  {
    task: 'conversation',
    weight: 2,
    pattern:
      /\b(?:how was your|tell me a joke|i feel|my (?:day|boyfriend|girlfriend|mom|dad|wife|husband)|let'?s chat|what do you think)\b/,
  },
];

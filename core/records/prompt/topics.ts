/**
 * The 48 named topics: one line each, words in the singular. The place of a line is the number that is stored, so lines
 * are never moved; words may be added.
 */
export const TOPIC_WORDS: readonly string[] = [
  // 0-7: programming
  'python pandas numpy django flask pip jupyter decorator generator list dict tuple',
  'javascript typescript react vue angular node npm promise browser dom css html webpack frontend component',
  'java spring kotlin android maven gradle jvm swift ios xcode mobile app flutter',
  'rust golang cpp pointer memory compiler linker assembly kernel thread mutex concurrency embedded firmware',
  'sql database postgres mysql query index table join schema transaction mongodb redis orm migration',
  'docker kubernetes terraform aws azure cloud deployment pipeline linux bash server nginx container helm devops',
  'bug debug error exception traceback stacktrace refactor test unittest lint code function class patch repository commit',
  'algorithm complexity graph tree array sort search recursion dynamic leetcode hash queue stack binary heap',
  // 8-15: data, machines, mathematics
  'model training neural network transformer llm embedding gradient dataset prompt inference classifier fine-tuning',
  'data analysis spreadsheet excel chart dashboard visualization csv column row report metric statistic regression',
  'algebra equation polynomial matrix vector linear eigenvalue factor inequality variable coefficient',
  'calculus derivative integral limit series differential converge continuous function theorem proof lemma',
  'geometry triangle circle angle area perimeter polygon probability combinatorics dice permutation expected prime integer divisor modulo',
  'logic puzzle riddle deduction premise syllogism knight knave reasoning inference constraint sudoku chess',
  'security vulnerability exploit encryption password firewall malware authentication phishing cve penetration cipher',
  'agent tool action observation plan browser workflow automation task scheduler orchestration step goal',
  // 16-23: natural sciences
  'physics force energy velocity momentum quantum particle relativity mass wave electron magnetic thermodynamics',
  'chemistry molecule reaction acid bond catalyst solvent organic compound oxidation polymer synthesis ion',
  'biology cell protein gene dna rna enzyme species evolution bacteria virus organism genome',
  'medicine patient disease symptom diagnosis treatment drug dose clinical therapy surgery cancer doctor hospital',
  'psychology anxiety depression emotion stress behavior cognitive mental therapist mindfulness relationship feeling',
  'nutrition diet exercise workout muscle calorie protein vitamin sleep weight fitness yoga running',
  'astronomy planet star galaxy orbit telescope moon solar rocket spacecraft satellite universe comet',
  'climate weather carbon emission environment ecosystem pollution renewable ocean forest biodiversity temperature recycling',
  // 24-31: engineering, business
  'engineering circuit voltage sensor motor robot mechanical bridge turbine material manufacturing semiconductor battery',
  'finance stock investment portfolio bond dividend interest loan mortgage credit bank inflation currency trading',
  'accounting tax invoice revenue expense profit balance audit budget payroll depreciation ledger',
  'marketing brand campaign advertising audience customer seo conversion slogan newsletter influencer engagement',
  'startup business strategy market competitor pitch founder investor growth stakeholder kpi swot',
  'sales lead crm client proposal negotiation discount contract order shipping refund support ticket complaint',
  'resume interview job career hiring salary candidate recruiter employee manager onboarding linkedin promotion',
  'project milestone deadline roadmap sprint agile scrum meeting agenda deliverable risk gantt backlog',
  // 32-39: law, society, learning
  'law legal court contract clause liability plaintiff statute attorney regulation compliance patent copyright',
  'politics government election vote policy parliament democracy treaty diplomacy senator campaign legislation',
  'history war empire king revolution ancient century medieval dynasty colonial roman battle civilization',
  'economics supply demand elasticity monopoly gdp unemployment tariff trade monetary fiscal market labor',
  'philosophy ethics moral utilitarian kant metaphysics consciousness epistemology virtue justice existential free',
  'religion god church bible prayer faith buddhist islam temple spiritual scripture saint',
  'education student teacher lesson classroom curriculum homework exam quiz school university course learning',
  'language grammar verb noun translate translation vocabulary sentence pronunciation tense idiom spelling conjugation',
  // 40-47: culture, everyday life
  'story character novel plot chapter fiction protagonist dragon fantasy narrative scene dialogue villain',
  'poem poetry lyric song rhyme verse haiku sonnet music guitar piano melody chord',
  'essay article blog paragraph thesis introduction conclusion citation headline editor draft proofread',
  'game player quest level rpg dungeon dice minecraft unity sprite multiplayer puzzle enemy',
  'film movie actor director television series episode art painting museum photography camera sculpture design',
  'recipe cook oven ingredient sauce chicken bake flour butter garlic dinner vegetarian dish',
  'travel hotel flight itinerary beach museum visa passport tourist restaurant city train trip airport',
  'family child parent baby wedding birthday gift pet dog cat garden house furniture cleaning',
];

/**
 * Scripts that write no spaces between words: each character counts as a word, as is usual for ROUGE on them.
 */
const unspaced =
  "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}";
const word = new RegExp(`[${unspaced}]\\p{M}*|[[\\p{L}\\p{N}\\p{M}]--[${unspaced}]]+`, "gv");

/** The words that count: runs of letters and digits in lower case. For ASCII text they are those of rouge-score. */
export function wordsOf(text: string): string[] {
  return text.normalize("NFC").toLowerCase().match(word) ?? [];
}

/**
 * How much of a reference an answer has in the same order, from 0 to 1: ROUGE-L as F1, without stemming (Lin, 2004,
 * https://aclanthology.org/W04-1013, sentence level, beta 1). It is the harmonic mean of the shares that the longest
 * common subsequence of words has of the answer and of the reference. Two texts without words score 0.
 */
export function rougeL(answer: string, reference: string): number {
  const [one, other] = [wordsOf(answer), wordsOf(reference)];
  const common = longestCommonSubsequence(one, other);
  return common === 0 ? 0 : (2 * common) / (one.length + other.length);
}

/** The length of the longest sequence that both have in that order, not necessarily without gaps. */
export function longestCommonSubsequence(one: readonly string[], other: readonly string[]): number {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  // One row of the table at a time; `diagonal` is the value of the row before, one to the left.
  const row = new Uint32Array(short.length + 1);
  for (const word of long) {
    let diagonal = 0;
    for (let index = 1; index <= short.length; index++) {
      const above = row[index] ?? 0;
      row[index] = word === short[index - 1] ? diagonal + 1 : Math.max(above, row[index - 1] ?? 0);
      diagonal = above;
    }
  }
  return row[short.length] ?? 0;
}

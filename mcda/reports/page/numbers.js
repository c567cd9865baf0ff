// How numbers are written: the twins of `percent`, `roughly` and `given_number` in the library.
function numbersIn(words) {
  "use strict";
  const stripped = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  // toFixed takes the larger of two equally near; the library the even one
  const fixed = (value, decimals) => {
    const halves = value * 2 ** (decimals + 1);
    if (!Number.isInteger(halves) || halves % 2 === 0) return value.toFixed(decimals);
    const size = Math.abs(value), whole = Math.floor(size), sign = value < 0 ? "-" : "";
    if (decimals === 0) return `${sign}${whole % 2 === 0 ? whole : whole + 1}`;
    const below = Math.floor((size - whole) * 10 ** decimals), even = below % 2 === 0 ? below : below + 1;
    const carried = even === 10 ** decimals ? 1 : 0;
    return `${sign}${whole + carried}.${String(carried ? 0 : even).padStart(decimals, "0")}`;
  };
  const percent = (share, decimals) => `${fixed(100 * share, decimals)}${words.percent}`;
  const roughly = (share) =>
    share > words.certain ? words.more_than : percent(share, share > 0.99 ? 1 : 0);
  const givenNumber = (value) => {
    const size = Math.abs(value);
    if (size < 1e15 && Number(value.toFixed(6)) === value) return stripped(fixed(value + 0, 6));
    if (size >= 1e6 && size < 1e15) return fixed(value, 0);
    const [digits, exponent] = value.toExponential(5).split("e");
    if (size >= 1e-9 && size < 1e15) return stripped(fixed(value, 5 - Number(exponent)));
    return `${stripped(digits)}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  };
  return { fixed, percent, roughly, givenNumber };
}

// The arithmetic of a decision, for one position of the weights and the profile.
// It follows the library step by step; null stands for what is unknown.
class Impossible extends Error {
  constructor(code, values) { super(code); this.code = code; this.values = values || {}; }
}

// What formulas are written with: numbers, yes/no and positions of choices.
function formulaOperations() {
  "use strict";
  const finite = (value) => {
    if (!Number.isFinite(value)) throw new Impossible("formula");
    return value;
  };
  const both = (a, b, act) => (a === null || b === null ? null : act(a, b));
  const signs = {
    "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
    "==": (a, b) => a === b, "!=": (a, b) => a !== b,
  };
  const conjunction = (a, b) => (a === false || b === false ? false : a && b ? true : null);
  const disjunction = (a, b) => (a === true || b === true ? true : a === false && b === false ? false : null);
  return {
    neg: (a) => (a === null ? null : -a),
    not_: (a) => (a === null ? null : !a),
    add: (a, b) => both(a, b, (x, y) => finite(x + y)),
    sub: (a, b) => both(a, b, (x, y) => finite(x - y)),
    mul: (a, b) => both(a, b, (x, y) => finite(x * y)),
    div: (a, b) => both(a, b, (x, y) => finite(x / y)),
    pow: (a, b) => both(a, b, (x, y) => finite(x ** y)),
    compare: (first, ...rest) => {
      let left = first, result = true;
      for (let k = 0; k < rest.length; k += 2) {
        const step = both(left, rest[k + 1], signs[rest[k]]);
        result = k === 0 ? step : conjunction(result, step);
        left = rest[k + 1];
      }
      return result;
    },
    member: (value, items) =>
      items.map((item) => both(value, item, (x, y) => x === y)).reduce(disjunction),
    and: (...operands) => {
      let result = true;
      for (const [k, operand] of operands.entries()) {
        if (result === false) return false;
        result = k === 0 ? operand() : conjunction(result, operand());
      }
      return result;
    },
    or: (...operands) => {
      let result = false;
      for (const [k, operand] of operands.entries()) {
        if (result === true) return true;
        result = k === 0 ? operand() : disjunction(result, operand());
      }
      return result;
    },
    pick: (condition, then, otherwise) =>
      condition === null ? null : condition ? then() : otherwise(),
    coalesce: (...candidates) => {
      for (const candidate of candidates) {
        const found = candidate();
        if (found !== null) return found;
      }
      return null;
    },
    known: (a) => a !== null,
    clip: (x, low, high) => {
      if (x === null || low === null || high === null) return null;
      if (low > high) throw new Impossible("formula");
      return Math.min(Math.max(x, low), high);
    },
    min: (...all) => (all.includes(null) ? null : Math.min(...all)),
    max: (...all) => (all.includes(null) ? null : Math.max(...all)),
    unary: (name, a) => (a === null ? null : finite(Math[name](a))),
  };
}

function decisionEngine(model, formulas) {
  "use strict";
  const TIE = 1e-9, ROUNDING = 1e-12, LOST = 1e-9, CERTAIN = 1e9, FLAT = 4 * 2 ** -52, STEP = model.step;

  const operations = formulaOperations();

  function evaluateFormulas(profile) {
    const options = model.options.length, table = Object.create(null);
    for (const [name, value] of Object.entries(profile)) table[name] = Array(options).fill(value);
    for (const [name, values] of Object.entries(model.facts)) table[name] = values;
    const at = (formula, name) => (row) => {
      const v = (read) => table[read][row];
      const part = (role, read) => {
        const other = model.roles[role][row];
        return other < 0 ? null : table[read][other];
      };
      try {
        return formula({ ...operations, v, part });
      } catch (error) {
        if (error instanceof Impossible) error.values = { formula: name, option: row };
        throw error;
      }
    };
    const rows = [...Array(options).keys()];
    for (const [name, formula] of formulas.measures) table[name] = rows.map(at(formula, name));
    const passed = formulas.gates.map(([name, formula]) => rows.map(at(formula, name)));
    const values = model.leaves.map((leaf) => leaf.fixed || table[leaf.reads].slice());
    return { values, passed };
  }

  // --- weights ------------------------------------------------------------------------------------
  function sum(values) { return values.reduce((total, value) => total + value, 0); }

  function localWeights(moved) {
    return model.nodes.map((node, k) => {
      const given = moved[k];
      if (!given) return node.local;
      const largest = Math.max(...given);
      if (!(largest > 0)) throw new Impossible("weights", { node: k });
      const scaled = given.map((value) => value / largest), total = sum(scaled);
      return scaled.map((value) => value / total);
    });
  }

  const product = (path, local) => path.reduce((weight, [node, child]) => weight * local[node][child], 1);

  function solve(matrix, right) {
    // Gaussian elimination with partial pivoting; `right` has several columns
    const n = matrix.length;
    const rows = matrix.map((row, i) => [...row, ...right[i]]);
    for (let k = 0; k < n; k++) {
      let pivot = k;
      for (let i = k + 1; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
      if (rows[pivot][k] === 0) throw new Impossible("circle");
      [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
      for (let i = 0; i < n; i++) {
        if (i === k) continue;
        const factor = rows[i][k] / rows[k][k];
        if (factor !== 0) for (let j = k; j < rows[i].length; j++) rows[i][j] -= factor * rows[k][j];
      }
    }
    return rows.map((row, k) => row.slice(n).map((value) => value / row[k]));
  }

  const identity = (n) => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => +(i === j)));
  const times = (matrix, vector) => matrix.map((row) => row.reduce((total, value, j) => total + value * vector[j], 0));

  function transferOf(local) {
    const m = model.leaves.length, mode = model.dependencies;
    const edges = model.edges.map((edge) => ({
      ...edge,
      inside: edge.sources.map(({ leaf, from }) => product(model.leaves[leaf].path.slice(from), local)),
    }));
    const shares = Array.from({ length: m }, () => Array(m).fill(0));
    for (const edge of edges)
      edge.sources.forEach(({ leaf }, k) => edge.targets.forEach((target) => { shares[leaf][target] += edge.share * edge.inside[k]; }));
    if (mode === "off" || !shares.some((row) => row.some(Boolean)))
      return { mode: "off", edges: [], matrix: identity(m), walks: identity(m) };
    const kept = identity(m).map((_, j) => {
      const rest = 1 - shares.reduce((total, row) => total + row[j], 0);
      return rest < ROUNDING ? 0 : rest;
    });
    if (mode === "saaty")
      return { mode, edges, walks: identity(m), matrix: shares.map((row, i) => row.map((value, j) => value + (i === j ? kept[i] : 0))) };
    const steps = shares.map((row, i) => row.map((value, j) => (i === j ? 1 : 0) - value));
    const walks = solve(steps, identity(m));
    const matrix = walks.map((row, i) => row.map((value) => kept[i] * value));
    for (let j = 0; j < m; j++)
      if (!(Math.abs(matrix.reduce((total, row) => total + row[j], 0) - 1) < LOST)) throw new Impossible("circle");
    return { mode, edges, walks, matrix };
  }

  function weigh(moved) {
    const local = localWeights(moved), m = model.leaves.length;
    const judged = model.leaves.map((leaf) => product(leaf.path, local));
    const transfer = transferOf(local);
    const final = transfer.mode === "off" ? judged : times(transfer.matrix, judged);
    const arrived = transfer.mode === "saaty" ? judged : times(transfer.walks, judged);
    const columns = [], noise = [];
    model.nodes.forEach((node, k) => {
      if (node.children.length < 2) return;
      const even = node.children.map((_, i) => node.children.map((_, j) => (model.floor / node.children.length) * ((i === j) - 1 / node.children.length)));
      noise.push({ start: columns.length, covariance: moved[k] ? even : node.noise });
      node.children.forEach((child, number) => {
        const growth = Array(m).fill(0);
        node.leaves.forEach((leaf) => { growth[leaf] = -local[k][number]; });
        child.leaves.forEach((leaf) => { growth[leaf] += 1; });
        const change = judged.map((weight, j) => weight * growth[j]), passed = Array(m).fill(0);
        for (const edge of transfer.edges) {
          if (!node.leaves.every((leaf) => edge.sources.some((source) => source.leaf === leaf))) continue;
          const whole = edge.share * sum(edge.targets.map((target) => arrived[target]));
          edge.sources.forEach(({ leaf }, s) => { passed[leaf] += edge.inside[s] * growth[leaf] * whole; });
        }
        if (transfer.mode === "off") columns.push(change);
        else if (transfer.mode === "saaty") columns.push(times(transfer.matrix, change).map((value, j) => value + passed[j]));
        else columns.push(times(transfer.matrix, change.map((value, j) => value + passed[j])));
      });
    });
    return { local, judged, final, columns, noise };
  }

  const ofGroups = (values) => {
    const totals = {};
    values.forEach((value, j) => { const group = model.leaves[j].dimension; totals[group] = (totals[group] || 0) + value; });
    return values.map((_, j) => totals[model.leaves[j].dimension]);
  };

  function weightFactors(weights) {
    if (model.weighting === "classic") return weights;
    if (model.weighting === "linear") return weights.map(Math.sqrt);
    const groups = ofGroups(weights);
    return weights.map((weight, j) => Math.sqrt(weight) * Math.sqrt(groups[j]));
  }

  function coefficientColumns(weights, columns) {
    if (model.weighting === "linear") return columns;
    if (model.weighting === "classic") return columns.map((column) => column.map((value, j) => 2 * weights[j] * value));
    const groups = ofGroups(weights);
    return columns.map((column) => {
      const inside = ofGroups(column);
      return column.map((value, j) => groups[j] * value + weights[j] * inside[j]);
    });
  }

  // --- ranking ------------------------------------------------------------------------------------
  function scoresOf(x) {
    // x[j] are the values of the options that take part
    const r = [], scale = [];
    x.forEach((given, j) => {
      const leaf = model.leaves[j];
      if (model.normalization === "domain") {
        const [low, high] = leaf.domain, worst = leaf.benefit ? low : high;
        const width = leaf.benefit ? high - low : low - high;
        r.push(given.map((value) => (value - worst) / width));
        scale.push(1);
        return;
      }
      let values = given;
      if (model.normalization === "sum" && !leaf.benefit) {
        if (!values.every((value) => value > 0)) throw new Impossible("normalization");
        const least = Math.min(...values);
        values = values.map((value) => least / value);
      }
      const low = Math.min(...values), high = Math.max(...values), width = high - low;
      let size = width;
      if (model.normalization === "vector") size = width / (Math.sqrt(sum(values.map((value) => value * value))) || 1);
      if (model.normalization === "minmax") size = 1;
      if (model.normalization === "max") {
        if (!(high > 0)) throw new Impossible("normalization");
        size = width / high;
      }
      if (model.normalization === "sum") {
        const total = sum(values);
        if (!(total > FLAT * sum(values.map(Math.abs)))) throw new Impossible("normalization");
        size = width / total;
      }
      const flat = width <= FLAT * Math.max(-low, high);
      const up = leaf.benefit || model.normalization === "sum";
      r.push(values.map((value) => (flat ? 0 : up ? (value - low) / width : (high - value) / width)));
      scale.push(flat ? 0 : size);
    });
    return { r, scale };
  }

  function place(x, final) {
    const { r, scale } = scoresOf(x), factors = weightFactors(final);
    const sized = factors.map((factor, j) => factor * scale[j]);
    const largest = Math.max(...sized, 0) || 1;
    const u = sized.map((value) => (value / largest) ** 2);
    const closeness = x[0].map((_, i) => {
      const near = Math.sqrt(sum(u.map((value, j) => value * r[j][i] ** 2)));
      const far = Math.sqrt(sum(u.map((value, j) => value * (1 - r[j][i]) ** 2)));
      return near + far === 0 ? 0.5 : near / (near + far);
    });
    return { r, u, closeness, ratio: scale.map((value) => value / largest), scale };
  }

  function ranksOf(closeness) {
    const order = closeness.map((_, i) => i).sort((a, b) => closeness[b] - closeness[a] || a - b);
    const ranks = Array(closeness.length);
    let first = 0;
    order.forEach((option, k) => {
      if (closeness[order[first]] - closeness[option] > TIE) first = k;
      ranks[option] = first + 1;
    });
    return ranks;
  }

  // --- how firm the lead is -------------------------------------------------------------------------
  function erfc(x) {
    if (x < 0) return 2 - erfc(-x);
    if (x > 27) return 0;
    const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
    if (x < 2.5) {
      // erf by a series of terms above zero: nothing cancels
      let term = 2 * x, total = term;
      for (let k = 1; term > total * 1e-17; k++) { term *= (2 * x * x) / (2 * k + 1); total += term; }
      return 1 - scale * total;
    }
    // the continued fraction of erfc, from behind
    let fraction = 0;
    for (let k = 120; k > 0; k--) fraction = (k / 2) / (x + fraction);
    return scale / (x + fraction);
  }

  function firmnessOf(placed, weighed, winner, noiseOfScores) {
    const { r, u, ratio } = placed, options = placed.closeness.length;
    const columns = coefficientColumns(weighed.final, weighed.columns);
    const near = [], far = [];
    for (let i = 0; i < options; i++) {
      near.push(Math.sqrt(sum(u.map((value, j) => value * r[j][i] ** 2))));
      far.push(Math.sqrt(sum(u.map((value, j) => value * (1 - r[j][i]) ** 2))));
    }
    const slope = (j, i) => {
      const total = near[i] + far[i] > 0 ? near[i] + far[i] : 1;
      const up = near[i] > 0 ? (r[j][i] ** 2 * far[i]) / (2 * near[i] * total ** 2) : 0;
      const down = far[i] > 0 ? ((1 - r[j][i]) ** 2 * near[i]) / (2 * far[i] * total ** 2) : 0;
      return up - down;
    };
    let least = Infinity;
    for (let i = 0; i < options; i++) {
      if (i === winner) continue;
      const gradient = u.map((_, j) => (slope(j, winner) - slope(j, i)) * ratio[j] ** 2);
      const along = columns.map((column) => sum(column.map((value, j) => value * gradient[j])));
      let variance = noiseOfScores ? noiseOfScores[i] : 0;
      for (const { start, covariance } of weighed.noise)
        covariance.forEach((row, a) => row.forEach((value, b) => { variance += value * along[start + a] * along[start + b]; }));
      const lead = placed.closeness[winner] - placed.closeness[i];
      const deviation = Math.sqrt(Math.max(variance, 0));
      let steps = deviation > 0 ? lead / deviation : Math.sign(lead) * CERTAIN;
      steps = Math.min(steps, CERTAIN);
      if (!noiseOfScores) {
        const counting = u.map((value, j) => (value > 0 ? r[j][winner] - r[j][i] : 0));
        if (counting.every((value) => value >= 0) && counting.some((value) => value > 0)) steps = CERTAIN;
      }
      least = Math.min(least, steps);
    }
    return 0.5 * erfc(-least / Math.SQRT2);
  }

  function noiseOfComparisons(values, part, final, winner) {
    const compared = model.leaves.map((leaf, j) => [leaf.compared, j]).filter(([found]) => found);
    if (!compared.length) return null;
    const variance = Array(part.length).fill(0);
    const leadsAt = (j, leaf, option, step) => {
      const moved = leaf.weights.map((weight, i) => weight * Math.exp(i === option ? step : 0));
      const total = sum(moved), domain = model.leaves[j].domain;
      const column = moved.map((value) => (domain ? Math.min(Math.max(value / total, domain[0]), domain[1]) : value / total));
      const x = values.map((row, k) => part.map((i) => (k === j ? column : row)[i]));
      const { closeness } = place(x, final);
      return closeness.map((value) => closeness[winner] - value);
    };
    for (const [leaf, j] of compared) {
      const slopes = leaf.weights.map((_, option) => {
        const up = leadsAt(j, leaf, option, STEP), down = leadsAt(j, leaf, option, -STEP);
        return up.map((value, i) => (value - down[i]) / (2 * STEP));
      });
      part.forEach((_, i) => {
        leaf.noise.forEach((row, a) => row.forEach((value, b) => { variance[i] += value * slopes[a][i] * slopes[b][i]; }));
      });
    }
    return variance;
  }

  // --- everything -----------------------------------------------------------------------------------
  return function decide(state) {
    const weighed = weigh(state.weights);
    // what is not given is assumed, as in the library
    const profile = Object.fromEntries(model.profile.map(({ name, default: assumed }) => [name, state.profile[name] ?? assumed]));
    const { values, passed } = evaluateFormulas(profile);
    const options = model.options.map((_, i) => i);
    const failing = options.map((i) => passed.flatMap((row, gate) => (row[i] === true ? [] : [gate])));
    const part = options.filter((i) => !failing[i].length);
    for (const i of part)
      model.leaves.forEach((leaf, j) => {
        const value = values[j][i];
        if (value === null) throw new Impossible("unknown", { leaf: j, option: i });
        if (leaf.domain && !(leaf.domain[0] <= value && value <= leaf.domain[1]))
          throw new Impossible("domain", { leaf: j, option: i });
      });
    const result = {
      eligible: options.map((i) => !failing[i].length), failing,
      closeness: options.map(() => null), ranks: options.map(() => null),
      recommended: null, firmness: null, margin: null, verdict: "no_eligible_option",
      judged: weighed.judged, final: weighed.final, local: weighed.local, effective: null,
    };
    const plain = weightFactors(weighed.final).map((factor) => factor * factor);
    result.effective = plain;
    if (part.length) {
      const placed = place(values.map((row) => part.map((i) => row[i])), weighed.final);
      const ranks = ranksOf(placed.closeness);
      part.forEach((i, k) => { result.closeness[i] = placed.closeness[k]; result.ranks[i] = ranks[k]; });
      result.effective = plain.map((value, j) => (placed.scale[j] !== 0 ? value : 0));
      const best = placed.closeness.indexOf(Math.max(...placed.closeness));
      const tied = ranks.filter((rank) => rank === 1).length > 1;
      if (!tied) result.recommended = part[best];
      if (part.length === 1) result.verdict = "no_contest";
      else {
        const falling = [...placed.closeness].sort((a, b) => b - a);
        result.margin = falling[0] - falling[1];
        const noise = noiseOfComparisons(values, part, weighed.final, best);
        result.firmness = firmnessOf(placed, weighed, best, noise);
        result.verdict = tied ? "tie" : result.firmness >= model.clear ? "clear" : result.firmness >= model.close ? "close" : "contested";
      }
    }
    const total = sum(result.effective) || 1;
    result.effective = result.effective.map((value) => value / total);
    return result;
  };
}

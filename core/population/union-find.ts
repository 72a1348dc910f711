/** Disjoint sets with path halving and union by size. */
export class UnionFind {
  private readonly parent: Int32Array;
  private readonly size: Int32Array;

  constructor(length: number) {
    this.parent = Int32Array.from({ length }, (_, i) => i);
    this.size = new Int32Array(length).fill(1);
  }

  find(item: number): number {
    let at = item;
    while (this.parent[at] !== at) {
      this.parent[at] = this.parent[this.parent[at]!]!;
      at = this.parent[at]!;
    }
    return at;
  }

  join(a: number, b: number): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return;
    const [large, small] = this.size[x]! >= this.size[y]! ? [x, y] : [y, x];
    this.parent[small] = large;
    this.size[large]! += this.size[small]!;
  }

  /** Members of each set of at least `least` items, ascending; sets by their first member. */
  components(least: number): number[][] {
    const sets = new Map<number, number[]>();
    for (let i = 0; i < this.parent.length; i++) {
      const root = this.find(i);
      if (this.size[root]! < least) continue;
      const set = sets.get(root);
      if (set === undefined) sets.set(root, [i]);
      else set.push(i);
    }
    return [...sets.values()];
  }
}

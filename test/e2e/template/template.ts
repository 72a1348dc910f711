/** The synthesised template, with its references resolved to what was really made. */
export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of a hundred shapes; the creators look into any of them.
  Properties: Record<string, any>;
}

/** What a resource is once it is made: what `Ref` gives, and what `Fn::GetAtt` gives by name. */
export interface Made {
  ref: string;
  attributes: Record<string, string>;
}

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

const PSEUDO: Record<string, string> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

export class Template {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly made = new Map<string, Made>();

  constructor(json: { Resources: Record<string, Omit<Resource, 'Properties'> & Partial<Resource>> }) {
    this.resources = new Map(
      Object.entries(json.Resources).map(([id, { Type, Properties }]) => [id, { Type, Properties: Properties ?? {} }]),
    );
  }

  ofType(type: string): [string, Resource][] {
    return [...this.resources].filter(([, resource]) => resource.Type === type);
  }

  /** Logical ids that a value refers to. */
  references(value: unknown): string[] {
    if (typeof value !== 'object' || value === null) return [];
    if (Array.isArray(value)) return value.flatMap((one) => this.references(one));
    return Object.entries(value).flatMap(([key, inner]) => {
      if (key === 'Ref') return this.resources.has(inner as string) ? [inner as string] : [];
      if (key === 'Fn::GetAtt') return [(inner as string[])[0]!];
      return this.references(inner);
    });
  }

  /** @throws where a reference has no value, or is of a kind that is not known here */
  resolve<T>(value: unknown): T {
    return this.resolved(value) as T;
  }

  private resolved(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((one) => this.resolved(one));
    const [[name, inner] = ['', undefined], ...more] = Object.entries(value);
    if (more.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return this.intrinsic(name, inner);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.resolved(one)]));
  }

  private intrinsic(name: string, inner: unknown): unknown {
    switch (name) {
      case 'Ref':
        return PSEUDO[inner as string] ?? this.known(inner as string).ref;
      case 'Fn::GetAtt': {
        const [id, attribute] = inner as [string, string];
        const found = this.known(id).attributes[attribute];
        if (found === undefined)
          throw new Error(`${id}: its attribute ${attribute} is not known to the end-to-end tier`);
        return found;
      }
      case 'Fn::Join': {
        const [separator, parts] = inner as [string, unknown[]];
        return parts.map((part) => this.resolved(part)).join(separator);
      }
      case 'Fn::Select': {
        const [at, list] = inner as [number, unknown];
        return this.resolve<unknown[]>(list)[at];
      }
      case 'Fn::Split': {
        const [separator, text] = inner as [string, unknown];
        return this.resolve<string>(text).split(separator);
      }
      case 'Fn::Sub':
        return (inner as string).replace(/\$\{([^}]+)\}/g, (_, id: string) => String(this.intrinsic('Ref', id)));
      default:
        throw new Error(`${name} is not known to the end-to-end tier: add it to test/e2e/template/template.ts`);
    }
  }

  private known(id: string): Made {
    const made = this.made.get(id);
    if (!made) throw new Error(`${id} is referred to before it is made`);
    return made;
  }
}

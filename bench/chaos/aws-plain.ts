/** The few calls that set up and read back tables and buckets, by plain HTTP: an auditor has another client. */
export type PlainItem = Record<string, { S?: string; N?: string; B?: string } | undefined>;

export class AwsPlain {
  readonly endpoint: string;

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  async createTable(name: string): Promise<void> {
    const keys = ['pk', 'sk'];
    await this.dynamodb('CreateTable', {
      TableName: name,
      AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' })),
      KeySchema: keys.map((key, i) => ({ AttributeName: key, KeyType: i === 0 ? 'HASH' : 'RANGE' })),
      BillingMode: 'PAY_PER_REQUEST',
    });
  }

  async createBucket(name: string): Promise<void> {
    await this.send('s3', `/${name}`, { method: 'PUT' });
  }

  async *scan(table: string): AsyncGenerator<PlainItem> {
    let from: object | undefined;
    do {
      const more = from ? { ExclusiveStartKey: from } : {};
      const page = (await this.dynamodb('Scan', { TableName: table, ConsistentRead: true, ...more })) as {
        Items: PlainItem[];
        LastEvaluatedKey?: object;
      };
      yield* page.Items;
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  }

  /** Bodies of all objects below a prefix. */
  async *objects(bucket: string, prefix: string): AsyncGenerator<string> {
    let after = '';
    for (;;) {
      const query = new URLSearchParams({ 'list-type': '2', prefix, 'start-after': after });
      const list = await (await this.send('s3', `/${bucket}?${query}`, { method: 'GET' })).text();
      const keys = [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map((match) => match[1]!);
      for (const key of keys) yield await (await this.send('s3', `/${bucket}/${key}`, { method: 'GET' })).text();
      if (!list.includes('<IsTruncated>true</IsTruncated>')) return;
      after = keys.at(-1)!;
    }
  }

  private async dynamodb(action: string, body: object): Promise<unknown> {
    const headers = { 'x-amz-target': `DynamoDB_20120810.${action}`, 'content-type': 'application/x-amz-json-1.0' };
    return (await this.send('dynamodb', '/', { method: 'POST', headers, body: JSON.stringify(body) })).json();
  }

  /** The header names the service; nobody checks the signature. */
  private async send(service: string, path: string, init: RequestInit & { headers?: Record<string, string> }) {
    const scope = `x/20260101/us-east-1/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
    const reply = await fetch(this.endpoint + path, { ...init, headers: { ...init.headers, authorization } });
    if (!reply.ok) throw new Error(`${service} at ${this.endpoint}: ${reply.status} ${await reply.text()}`);
    return reply;
  }
}

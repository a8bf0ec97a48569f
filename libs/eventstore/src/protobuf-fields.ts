/**
 * Reads the fields of one protobuf message one after the other, and makes nothing of those that nobody asks for. For
 * messages that come by the ten thousand: the generated classes build every field as an object.
 *
 * `for (const fields = new ProtobufFields(bytes); fields.next();) if (fields.id === 3) use(fields.text());`
 */
export class ProtobufFields {
  /** The present field's number in the schema. */
  id = 0;
  /** The value of a number. Exact up to 2^53. */
  number = 0;
  private from = 0;
  private to = 0;

  constructor(
    private readonly bytes: Buffer,
    private at = 0,
    private readonly end = bytes.length,
  ) {}

  /** Goes on to the next field; false at the message's end. Throws on what is no protobuf. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint();
    this.id = tag >>> 3;
    switch (tag & 7) {
      case 0:
        this.number = this.varint();
        return true;
      case 1:
        this.skip(8);
        return true;
      case 2:
        this.skip(this.varint());
        return true;
      case 5:
        this.skip(4);
        return true;
      default:
        throw new RangeError('not a protobuf message');
    }
  }

  /** The present field as a message. */
  message(): ProtobufFields {
    return new ProtobufFields(this.bytes, this.from, this.to);
  }

  /** The present field as UTF-8. */
  text(): string {
    return this.bytes.toString('utf8', this.from, this.to);
  }

  /** The present field's bytes, not copied. */
  view(): Buffer {
    return this.bytes.subarray(this.from, this.to);
  }

  private skip(length: number): void {
    this.from = this.at;
    this.to = this.at = this.at + length;
    if (this.to > this.end) throw new RangeError('a protobuf message that was cut off');
  }

  private varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new RangeError('a protobuf message that was cut off');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
}

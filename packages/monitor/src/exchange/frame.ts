// Data frames are written here and not by ws: a message goes to many connections and a connection gets hundreds of
// messages per slice, so each message is framed once and each connection writes once per slice. ws writes each frame
// as two chunks. Server frames are unmasked and nothing is compressed, so a frame is a header and the text:
//
//   0x81 | length < 126        | text          (RFC 6455, section 5.2)
//   0x81 | 126 | uint16 length | text
//   0x81 | 127 | uint64 length | text
//
// Control frames and answers still go through ws, on the same socket: both sides write whole frames at once, so frames
// never interleave.

const FIN_TEXT = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const LONGEST_HEADER = 10;
const FIRST_CAPACITY = 4096;

/** One framed text message, reused for the next. */
export class TextFrame {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  length = 0;

  /** Frames `text`, which must be ASCII: its length is its length in bytes. */
  set(text: string): this {
    const size = text.length;
    if (size + LONGEST_HEADER > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow((size + LONGEST_HEADER) * 2);
    const { bytes } = this;
    bytes[0] = FIN_TEXT;
    let start = 2;
    if (size < LENGTH_16) {
      bytes[1] = size;
    } else if (size < 65_536) {
      bytes[1] = LENGTH_16;
      bytes.writeUInt16BE(size, 2);
      start = 4;
    } else {
      bytes[1] = LENGTH_64;
      bytes.writeUInt32BE(0, 2);
      bytes.writeUInt32BE(size, 6);
      start = LONGEST_HEADER;
    }
    this.length = start + bytes.write(text, start, 'latin1');
    return this;
  }
}

/** Frames of one slice for one connection, handed to the socket in one piece. */
export class FrameQueue {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  length = 0;

  push(frame: TextFrame): void {
    const end = this.length + frame.length;
    if (end > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(end * 2);
      this.#bytes.copy(grown, 0, 0, this.length);
      this.#bytes = grown;
    }
    frame.bytes.copy(this.#bytes, this.length, 0, frame.length);
    this.length = end;
  }

  /** The frames in a buffer of their own, which the socket may keep; the queue is empty after that. */
  take(): Buffer {
    const chunk = Buffer.from(this.#bytes.subarray(0, this.length));
    this.length = 0;
    return chunk;
  }
}

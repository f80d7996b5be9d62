// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

/// UUIDs and Internet addresses from text.
final class AddressText {
  private AddressText() {}

  /// Sixteen bytes of `61f0c404-5cb3-11e7-907b-a6006ad3dba0`, the hyphens optional.
  static byte[] uuid(byte[] text, int from, int end) {
    boolean hyphens = end - from == 36;
    if (!hyphens && end - from != 32) {
      throw new BadValueException("");
    }
    byte[] value = new byte[16];
    int at = from;
    for (int i = 0; i < 16; i++) {
      if (hyphens && (i == 4 || i == 6 || i == 8 || i == 10) && text[at++] != '-') {
        throw new BadValueException("");
      }
      value[i] = (byte) (hex(text[at]) << 4 | hex(text[at + 1]));
      at += 2;
    }
    return value;
  }

  private static int hex(byte b) {
    int digit = Character.digit(b, 16);
    if (digit < 0) {
      throw new BadValueException("");
    }
    return digit;
  }

  /// The number of `192.168.0.1`.
  static long ipv4(byte[] text, int from, int end) {
    long value = 0;
    int at = from;
    for (int group = 0; group < 4; group++) {
      int start = at;
      int part = 0;
      while (at < end && text[at] >= '0' && text[at] <= '9' && at - start < 3) {
        part = part * 10 + (text[at++] - '0');
      }
      boolean last = group == 3;
      if (at == start || part > 255 || (last ? at != end : at >= end || text[at] != '.')) {
        throw new BadValueException("");
      }
      at++;
      value = value << 8 | part;
    }
    return value;
  }

  /// Sixteen bytes of an IPv6 address; an IPv4 address stands for its mapped form.
  static byte[] ipv6(byte[] text, int from, int end) {
    byte[] value = new byte[16];
    int filled = 0;
    int gap = -1;
    int at = from;
    if (end - from >= 2 && text[from] == ':' && text[from + 1] == ':') {
      gap = 0;
      at += 2;
    }
    while (at < end) {
      int groupEnd = at;
      boolean dotted = false;
      while (groupEnd < end && text[groupEnd] != ':') {
        dotted |= text[groupEnd] == '.';
        groupEnd++;
      }
      if (filled > (dotted ? 12 : 14)) {
        throw new BadValueException("");
      }
      if (dotted) {
        long tail = ipv4(text, at, end);
        for (int i = 3; i >= 0; i--) {
          value[filled++] = (byte) (tail >>> 8 * i);
        }
        if (filled == 4 && gap < 0) {
          return mapped(tail);
        }
        at = end;
      } else {
        int group = group(text, at, groupEnd);
        value[filled++] = (byte) (group >>> 8);
        value[filled++] = (byte) group;
        at = groupEnd;
        if (at < end) {
          at++;
          if (at < end && text[at] == ':' && gap < 0) {
            gap = filled;
            at++;
          } else if (at == end) {
            throw new BadValueException("");
          }
        }
      }
    }
    return spread(value, filled, gap);
  }

  private static byte[] mapped(long ipv4) {
    byte[] value = new byte[16];
    value[10] = -1;
    value[11] = -1;
    for (int i = 0; i < 4; i++) {
      value[12 + i] = (byte) (ipv4 >>> 8 * (3 - i));
    }
    return value;
  }

  private static int group(byte[] text, int from, int end) {
    if (end - from < 1 || end - from > 4) {
      throw new BadValueException("");
    }
    int group = 0;
    for (int i = from; i < end; i++) {
      group = group << 4 | hex(text[i]);
    }
    return group;
  }

  /// Moves what follows `::` to the end.
  private static byte[] spread(byte[] value, int filled, int gap) {
    if (gap < 0 ? filled != 16 : filled > 14) {
      throw new BadValueException("");
    }
    if (gap < 0) {
      return value;
    }
    byte[] whole = new byte[16];
    System.arraycopy(value, 0, whole, 0, gap);
    System.arraycopy(value, gap, whole, 16 - (filled - gap), filled - gap);
    return whole;
  }
}

// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

/// Internet addresses as text.
final class IpText {
  private IpText() {}

  static String v4(int value) {
    return (value >>> 24)
        + "."
        + (value >>> 16 & 255)
        + "."
        + (value >>> 8 & 255)
        + "."
        + (value & 255);
  }

  /// Whether the address stands for one of IPv4, and is written as that is.
  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }

  /// As RFC 5952 wants it: no leading zeros, and the longest run of two or more zero groups is
  /// `::`.
  static String v6(byte[] bytes) {
    if (isMapped(bytes)) {
      int address = 0;
      for (int i = 12; i < 16; i++) {
        address = address << 8 | bytes[i] & 255;
      }
      return "::ffff:" + v4(address);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 255) << 8 | bytes[2 * i + 1] & 255;
    }
    int runStart = -1;
    int runLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > runLength) {
        runStart = i;
        runLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
        continue;
      }
      if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}

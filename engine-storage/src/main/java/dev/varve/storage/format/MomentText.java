// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;

/// Days, moments and times of day as text, without quotes. Not safe for threads: it remembers time
/// zones.
final class MomentText {
  private final ByteSink sink;
  private final FormatSettings.Times times;
  private String zoneName = "";
  private ZoneRules zone = ZoneOffset.UTC.getRules();

  MomentText(ByteSink sink, FormatSettings.Times times) {
    this.sink = sink;
    this.times = times;
  }

  /// `2024-02-29`.
  void date(long epochDay) {
    // Civil date of a day number, proleptic Gregorian, by counting from 0000-03-01.
    long z = epochDay + 719_468;
    long era = Math.floorDiv(z, 146_097);
    int dayOfEra = (int) (z - era * 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shifted = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    sink.putPadded((int) year, 4).put('-').putPadded(month, 2).put('-').putPadded(day, 2);
  }

  private void dateTime(long epochSecond, String name, char between) {
    long local = epochSecond + offsetSeconds(epochSecond, name);
    date(Math.floorDiv(local, 86_400));
    int second = (int) Math.floorMod(local, 86_400L);
    sink.put(between)
        .putPadded(second / 3_600, 2)
        .put(':')
        .putPadded(second / 60 % 60, 2)
        .put(':')
        .putPadded(second % 60, 2);
  }

  /// A point in time, in the zone of its type unless the settings say otherwise.
  void moment(long ticks, int precision, String zone) {
    long perSecond = perSecond(precision);
    long second = Math.floorDiv(ticks, perSecond);
    switch (times) {
      case SIMPLE -> dateTime(second, zone, ' ');
      case ISO -> dateTime(second, "", 'T');
      case UNIX -> sink.putNumber(second);
    }
    if (precision > 0) {
      sink.put('.').putPadded((int) Math.floorMod(ticks, perSecond), precision);
    }
    if (times == FormatSettings.Times.ISO) {
      sink.put('Z');
    }
  }

  private static long perSecond(int precision) {
    long perSecond = 1;
    for (int i = 0; i < precision; i++) {
      perSecond *= 10;
    }
    return perSecond;
  }

  /// `-12:34:56.789`.
  void span(long ticks, int precision) {
    long perSecond = perSecond(precision);
    long size = Math.abs(ticks);
    int second = (int) (size / perSecond);
    int hour = second / 3_600;
    if (ticks < 0) {
      sink.put('-');
    }
    sink.putPadded(hour, hour < 100 ? 2 : 3)
        .put(':')
        .putPadded(second / 60 % 60, 2)
        .put(':')
        .putPadded(second % 60, 2);
    if (precision > 0) {
      sink.put('.').putPadded((int) (size % perSecond), precision);
    }
  }

  private int offsetSeconds(long epochSecond, String name) {
    if (name.isEmpty()) {
      return 0;
    }
    if (!name.equals(zoneName)) {
      zoneName = name;
      zone = ZoneId.of(name).getRules();
    }
    return zone.getOffset(Instant.ofEpochSecond(epochSecond)).getTotalSeconds();
  }
}

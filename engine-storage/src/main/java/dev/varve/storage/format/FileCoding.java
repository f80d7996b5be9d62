// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;

/// How a file of rows is compressed, by its ending or by name.
public enum FileCoding {
  NONE,
  GZIP,
  ZSTD,
  LZ4;

  private static final int BUFFER_BYTES = 1 << 16;

  /// The coding of a file.
  ///
  /// @param method as a statement names it; `auto` and none at all leave it to the ending
  /// @throws VarveException BAD_ARGUMENTS for a method that is not known
  public static FileCoding of(String file, Optional<String> method) {
    String name = method.orElse("auto").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "auto", "" -> byEnding(file);
      case "none" -> NONE;
      case "gz", "gzip" -> GZIP;
      case "zst", "zstd" -> ZSTD;
      case "lz4" -> LZ4;
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "compression \"" + name + "\" is not known here; use none, gzip, zstd or lz4");
    };
  }

  private static FileCoding byEnding(String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".gz")) {
      return GZIP;
    }
    if (lower.endsWith(".zst")) {
      return ZSTD;
    }
    return lower.endsWith(".lz4") ? LZ4 : NONE;
  }

  /// The name without the ending that stands for the coding.
  public static String plainName(String file) {
    return byEnding(file) == NONE ? file : file.substring(0, file.lastIndexOf('.'));
  }

  public InputStream decoded(InputStream in) throws IOException {
    return switch (this) {
      case NONE -> in;
      case GZIP -> new GZIPInputStream(in, BUFFER_BYTES);
      case ZSTD -> new ZstdInputStream(in);
      case LZ4 -> new LZ4FrameInputStream(in);
    };
  }

  public OutputStream coded(OutputStream out) throws IOException {
    return switch (this) {
      case NONE -> out;
      case GZIP -> new GZIPOutputStream(out, BUFFER_BYTES);
      case ZSTD -> new ZstdOutputStream(out);
      case LZ4 -> new LZ4FrameOutputStream(out);
    };
  }
}

// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.fetch;

import dev.varve.ingest.log.LogSlice;
import java.io.IOException;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.internal.DefaultRecordsSend;
import org.apache.kafka.common.record.internal.TransferableRecords;

/// Records of an answer that are still in the log's file.
public record FileRecords(LogSlice slice) implements TransferableRecords {
  @Override
  public int sizeInBytes() {
    return slice.size();
  }

  @Override
  public DefaultRecordsSend<FileRecords> toSend() {
    return new DefaultRecordsSend<>(this);
  }

  @Override
  public int writeTo(TransferableChannel channel, int position, int remaining) throws IOException {
    return (int) channel.transferFrom(slice.file(), slice.position() + position, remaining);
  }
}

package dev.mixdown.transforms.manifest;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file, wherever it lies, as Parquet's kind of file. */
public record ParquetInput(Storage storage, FileInfo file) implements InputFile {
  @Override
  public long getLength() {
    return file.bytes();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    SeekableByteChannel channel = storage.openChannel(file);
    return new ChannelStream(channel, Channels.newInputStream(channel));
  }

  private static final class ChannelStream extends DelegatingSeekableInputStream {
    private final SeekableByteChannel channel;

    ChannelStream(SeekableByteChannel channel, InputStream stream) {
      super(stream);
      this.channel = channel;
    }

    @Override
    public long getPos() throws IOException {
      return channel.position();
    }

    @Override
    public void seek(long position) throws IOException {
      channel.position(position);
    }
  }
}

package dev.mixdown.transforms.manifest;

import dev.mixdown.configs.storage.FileInfo;
import dev.mixdown.configs.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A part, wherever it lies, as Parquet's kind of file. */
record PartInputFile(FileInfo part) implements InputFile {
  @Override
  public long getLength() {
    return part.bytes();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    SeekableByteChannel channel = Storage.openChannel(part);
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

package dev.mixdown.storage.objects;

import java.util.Map;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Hidden;
import org.apache.beam.sdk.options.PipelineOptions;

/** What a job carries to its workers, so that a path means the same there. No credentials. */
public interface StoreOptions extends PipelineOptions {
  @Description("Addresses and regions of the object stores, by the names of their variables")
  @Hidden
  @Default.InstanceFactory(None.class)
  Map<String, String> getStores();

  void setStores(Map<String, String> stores);

  /** Before anything is set. */
  class None implements DefaultValueFactory<Map<String, String>> {
    @Override
    public Map<String, String> create(PipelineOptions options) {
      return Map.of();
    }
  }
}

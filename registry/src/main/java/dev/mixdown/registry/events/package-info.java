/** Events of runs for other tools, as OpenLineage has them: kept in files, sent from an outbox. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.events;

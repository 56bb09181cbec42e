"""The one way to the network: a URL judged, a name resolved once, a body bounded; what came, or a FetchError."""

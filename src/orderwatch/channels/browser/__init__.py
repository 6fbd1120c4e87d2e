"""Shows on the page: the live stream brings it there, with a sound where the viewer switched that on."""

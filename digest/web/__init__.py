"""Pages: the desk and the preview for editors, the readers' own pages, and the server both run in.

Server-rendered, no build step, nothing loaded from elsewhere. The content of a page comes from a
backend that the caller passes in; the pages know nothing of the store or the pipeline.
"""

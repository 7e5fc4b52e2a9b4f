"""The whole story, one module a stage; what cli, web and demo call.

    collecting   sources → articles in the store
    composing    articles → an issue, with a verdict for each article
    rendering    an issue → one rendering a variant, and the mail compiled from it
    building     an issue as files
    sending      an issue to its readers: plan, freeze, dispatch, finish
    testing      an issue to any address, marked as a test
    exploring    a site's address → a configuration
    checking     what `digest doctor` looks at

Nothing in here prints or asks: callers pass a callback where they want to hear of progress.
"""

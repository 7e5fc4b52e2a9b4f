"""The one place where a template of the newsroom runs: a theme's files, a subject, a preheader.

    source → parsed → metering puts the meter into the tree → compiled → sandbox runs it on a budget

Jinja's ImmutableSandboxedEnvironment keeps a template from Python's insides and from changing
values. It bounds neither time nor memory, so three rules are added:

1. Every value is weighed before anything is done with it (weight.py) and refused when it is large.
   One operation on values of that weight takes some hundredths of a second at most.
2. Everything that can repeat (a turn of a loop, a call, an include) or grow (a result, a text
   written) is taken off the budget of the whole render (budget.py), which looks at the
   processor's clock.
3. Operations whose result is not bounded by the weight of what goes in are refused or worked out
   beforehand (sandbox.py).

What may not enter: files, articles, anything that knows a mail.
"""

"""The HTTP server: uvicorn behind bounds on time and on connections.

    listener → guarded protocol (connections.py says who may stay) → application

uvicorn has no time-out for the head or the body of a request, and no bound per network: a few
hundred half-open requests kept every reader out.
"""

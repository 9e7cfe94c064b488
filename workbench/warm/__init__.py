"""Warm kernels: notebooks run by papermill in fresh processes that have imported everything before.

A kernel here is an IPython kernel like any, but its messages go over two pairs of connected sockets instead of zmq: nothing
listens, nothing has to be found, and a fork of a warm process answers at once.
"""

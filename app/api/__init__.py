"""API version 1, one file per resource. For now one door: filing. Errors are RFC 9457 problem documents.

May look at every capability; nothing looks at it. Machines come with a key; cookies are not looked at.
"""

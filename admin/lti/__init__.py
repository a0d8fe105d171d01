"""Grades for an LMS by LTI 1.3: Assignment and Grade Services 2.0.

Source: https://www.imsglobal.org/spec/lti-ags/v2p0, and for the access token
https://www.imsglobal.org/spec/security/v1p0.
"""

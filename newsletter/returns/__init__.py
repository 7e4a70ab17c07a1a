"""What comes back about mails that were sent: bounces, complaints and notices of providers."""

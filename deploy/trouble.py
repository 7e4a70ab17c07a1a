"""What goes wrong in starting and stopping, said so that whoever typed the command knows what to do."""


class Trouble(Exception):
    """Its text is one English sentence for the operator."""
